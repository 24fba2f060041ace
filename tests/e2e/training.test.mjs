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
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
}

visit('play meta-trains until adaptation halves the loss, within a minute', { open: { query: 'device=cpu' } }, async (visit, t) => {
  await visit.ready();
  const opened = await visit.metaSteps();
  await watchLongTasks(visit);
  const start = performance.now();
  await visit.press('play');
  // The network that the page opens on has spent its budget: play begins anew from the seed.
  await until('a new run', async () => opened === 0 || (await visit.metaSteps()) < opened, 60);
  await until(
    'loss after adaptation under half of the loss before',
    async () => (await visit.number('loss-after')) < (await visit.number('loss-before')) / 2,
    60,
  );
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  t.diagnostic(`halved after ${await visit.text('meta-step')} meta-steps, ${seconds} s, at ${await visit.text('rate')} a second`);
  t.diagnostic(await longTasks(visit));
  await picture(visit, 'training');
});

visit('pause stops, one step is one step, reset goes back to the seed', { open: { query: 'device=cpu' } }, async (visit) => {
  await fromTheSeed(visit);
  const seed = await until('a fingerprint', () => visit.text('fingerprint'));

  await visit.press('play');
  await until('some meta-steps', async () => (await visit.metaSteps()) > 3);
  await visit.press('pause');
  await until('step can be pressed', () => visit.part('step').first().isEnabled());
  const paused = await visit.metaSteps();

  await visit.press('step');
  await until('one more', async () => (await visit.metaSteps()) > paused);
  assert.equal(await visit.metaSteps(), paused + 1);
  assert.notEqual(await visit.text('fingerprint'), seed, 'training changes the meta-parameters');

  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  await until('the fingerprint of the seed', async () => (await visit.text('fingerprint')) === seed);
});

visit('a learner can be chosen while it trains', { open: { query: 'device=cpu' } }, async (visit) => {
  await fromTheSeed(visit);
  await visit.press('play');
  await until('some meta-steps', async () => (await visit.metaSteps()) > 300, 60);
  const before = await visit.metaSteps();
  const select = visit.part('learner').first();
  const reptile = await select.locator('option', { hasText: /reptile/i }).first().getAttribute('value');
  await select.selectOption(reptile);
  await until('the choice', async () => (await select.inputValue()) === reptile);
  await until('it begins anew', async () => (await visit.metaSteps()) < before);
  await until('it trains on', async () => (await visit.metaSteps()) > 0);
});
