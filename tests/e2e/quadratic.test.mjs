// Quadratics: an optimiser that learns, beside two that do not.
import assert from 'node:assert/strict';
import { clean } from './lib/clean.mjs';
import { link } from './lib/link.mjs';
import { picture } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');
const small = { 'learner.units': 8, 'outer.meta_batch': 4, 'learner.inner_steps': 20, 'learner.eval_steps': 20 };

async function raced(visit) {
  await visit.ready();
  await visit.part('race').waitFor();
  await until('a loss is shown', async () => Number.isFinite(await visit.number('query-loss')), 60);
}

/** The paths of the three lines. */
const lines = (visit) => visit.part('race-figure').locator('path.race').evaluateAll((paths) => paths.map((path) => path.getAttribute('d')));

for (const [theme, width] of [['light', 1280], ['dark', 390]]) {
  visit(`choosing quadratics shows a race and nothing of points, at ${width} px in the ${theme} theme`, { open: { theme, width, query: 'device=cpu' } }, async (visit) => {
    await visit.ready();
    await visit.part('task-family').selectOption({ label: 'Quadratics' });
    await raced(visit);
    assert.equal((await lines(visit)).filter((path) => path.startsWith('M')).length, 3);
    assert.equal(await visit.part('support-point').count(), 0);
    assert.equal(await visit.part('evaluate-shift').count(), 0, 'there is no other distribution');
    await clean(visit);
    await picture(visit, `quadratics-${width}-${theme}`);
  });
}

visit("a rival's rate changes its line and no other", { open: { query: 'device=cpu', hash: link('quadratic-lstm', small) } }, async (visit) => {
  await raced(visit);
  const [sgd, adam, own] = await lines(visit);
  const rate = visit.page.locator(`input[type="range"][aria-label="Rate of gradient descent"]`);
  await rate.focus();
  await visit.page.keyboard.press('ArrowLeft');
  await until('gradient descent goes another way', async () => (await lines(visit))[0] !== sgd);
  assert.deepEqual((await lines(visit)).slice(1), [adam, own]);
});

visit('meta-training lowers the loss that the optimiser ends with', { open: { query: 'device=cpu', hash: link('quadratic-lstm', small) } }, async (visit) => {
  await raced(visit);
  await visit.press('play');
  await until('half of the loss is left', async () => (await visit.number('loss-after')) < (await visit.number('loss-before')) / 2, 90);
});
