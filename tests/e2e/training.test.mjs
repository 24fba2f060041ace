// Meta-training on the CPU, live.
import assert from 'node:assert/strict';
import { longTasks, picture, watchLongTasks } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');

/** A run from the seed: the page opens on a finished one. */
async function fromTheSeed(visit) {
  await visit.ready();
  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.meta_steps()) === 0);
}

visit('play meta-trains until adaptation halves the loss, within a minute', { open: { query: 'device=cpu' } }, async (visit, t) => {
  await fromTheSeed(visit);
  await watchLongTasks(visit);
  const start = performance.now();
  await visit.press('play');
  await until(
    'loss after adaptation under half of the loss before',
    async () => (await visit.number('loss-after')) < (await visit.number('loss-before')) / 2,
    60,
  );
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  t.diagnostic(`halved after ${await visit.text('meta-step')} meta-steps, ${seconds} s, at ${await visit.text('rate')}`);
  t.diagnostic(await longTasks(visit));
  await picture(visit, 'training');
});

visit('pause stops, one step is one step, reset goes back to the seed', { open: { query: 'device=cpu' } }, async (visit) => {
  await fromTheSeed(visit);
  const seed = await until('a fingerprint', () => visit.text('fingerprint'));

  await visit.press('play');
  await until('some meta-steps', async () => (await visit.meta_steps()) > 3);
  await visit.press('pause');
  const paused = await until('a standing count', async () => {
    const first = await visit.meta_steps();
    // Two snapshots a frame apart agree only when nothing trains.
    await visit.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    return (await visit.meta_steps()) === first && (await visit.number('rate').catch(() => 0)) >= 0 && first;
  });

  await visit.press('step');
  await until('one more', async () => (await visit.meta_steps()) > paused);
  assert.equal(await visit.meta_steps(), paused + 1);
  assert.notEqual(await visit.text('fingerprint'), seed, 'training changes the meta-parameters');

  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.meta_steps()) === 0);
  await until('the fingerprint of the seed', async () => (await visit.text('fingerprint')) === seed);
});

visit('a learner can be chosen while it trains', { open: { query: 'device=cpu' } }, async (visit) => {
  await fromTheSeed(visit);
  await visit.press('play');
  await until('some meta-steps', async () => (await visit.meta_steps()) > 3);
  const select = visit.part('learner').first();
  const reptile = await select.locator('option', { hasText: /reptile/i }).first().getAttribute('value');
  await select.selectOption(reptile);
  await until('the choice', async () => (await select.inputValue()) === reptile);
  await until('it trains on or anew', async () => (await visit.meta_steps()) > 0);
});
