// What keeps a network from meta-overfitting: the fold of settings, and early stopping on the CPU.
import assert from 'node:assert/strict';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');

visit('a run with checks draws them, stops by itself and says where its best was', { open: { query: 'device=cpu' } }, async (visit) => {
  await visit.ready();
  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  const fold = visit.part('regularization').first();
  await fold.locator('summary').click();
  const type = async (id, value) => {
    const box = visit.page.locator(`#${id}`);
    await box.fill(value);
    await box.press('Tab');
  };
  await type('model-dropout', '0.1');
  await type('budget-validate_every', '20');
  await type('budget-patience', '1');
  await type('budget-validation_tasks', '10');
  await visit.press('play');
  await until('a validation line', async () => (await visit.part('loss-figure').locator('path.validation').count()) > 0, 60);
  const notice = await until('the end', async () => {
    const told = await visit.part('notice').first().textContent();
    return /validation tasks/.test(told ?? '') && told;
  }, 120);
  const best = Number(/best, (\d+)/.exec(notice)?.[1]);
  assert.ok(best > 0 && best % 20 === 0, notice);
  assert.equal(await visit.metaSteps(), best);
});
