// Few-shot characters: a task the network has never seen, classified at every inner step, and meta-trained live.
import assert from 'node:assert/strict';
import { characters, step, trained } from './lib/characters.mjs';
import { fits } from './lib/clean.mjs';
import { picture } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');
const cpu = { query: 'device=cpu' };

visit('choosing characters shows a 5-way 1-shot task classified at every inner step', { open: cpu, timeout: 400_000 }, async (visit, t) => {
  await characters(visit);
  await trained(visit);
  assert.equal(await visit.part('ways').inputValue(), '5');
  assert.equal(await visit.part('shots').inputValue(), '1');
  const support = visit.part('support-grid').getByRole('img');
  await until('five support drawings', async () => (await support.count()) === 5);
  const queries = visit.part('query-grid').getByRole('button');
  assert.ok((await queries.count()) >= 5);

  await step(visit, 'Home');
  await until('step 0', async () => (await visit.number('inner-step')) === 0);
  const [before, names] = [await visit.number('accuracy'), await queries.allTextContents()];
  await step(visit, 'ArrowRight');
  await until('step 1', async () => (await visit.number('inner-step')) === 1);
  await until('other probabilities', async () => String(await queries.allTextContents()) !== String(names));
  await step(visit, 'End');
  await until('a later step', async () => (await visit.number('inner-step')) > 1);
  const after = await visit.number('accuracy');
  t.diagnostic(`query accuracy ${before} % → ${after} %`);
  assert.ok(after > before, `adaptation raises the query accuracy: ${before} → ${after}`);
  assert.match(await visit.text('prediction'), /Query \d+ is taken for [A-E] \(\d+\s%\)/);
  await picture(visit, 'characters-1280-light');
});

visit('a query tells its class, what it is taken for, and whether that is right', { open: cpu }, async (visit) => {
  await characters(visit);
  const second = visit.part('query-grid').getByRole('button').nth(1);
  const name = await until('a verdict', async () => {
    const text = await second.locator('.unseen').innerText();
    return /right|wrong/.test(text) && text;
  });
  assert.match(name, /Query 2, class [A-E], taken for [A-E], \d+\s%, (right|wrong)/);
  await second.click();
  assert.match(await visit.text('prediction'), /^Query 2 is taken for/);
});

visit('a cell of the confusion matrix shows its drawings', { open: cpu }, async (visit) => {
  await characters(visit);
  // The first picture plays by itself; counts are to stand still.
  await step(visit, 'End');
  await until('the last step', () => visit.page.getByRole('button', { name: 'One inner step forward' }).isDisabled());
  const cells = visit.part('confusion').getByRole('button');
  const counted = (await until('cells', async () => (await cells.count()) > 0 && cells.allTextContents())).map(Number);
  const all = await visit.part('query-grid').getByRole('button').count();
  assert.equal(counted.reduce((a, b) => a + b), all, 'every query is in one cell');
  await cells.first().click();
  await until('its drawings', async () => (await visit.part('confusion-drawings').getByRole('img').count()) === counted[0]);
});

visit('more ways start the run over with as many classes', { open: cpu }, async (visit) => {
  await characters(visit);
  await visit.part('ways').fill('8');
  await visit.page.keyboard.press('Enter');
  const support = visit.part('support-grid').getByRole('img');
  await until('eight classes', async () => (await support.count()) === 8);
  await until('they are classified', async () => Number.isFinite(await visit.number('accuracy')), 60);
});

visit('accuracy after adaptation rises while it meta-trains', { open: cpu, timeout: 400_000 }, async (visit, t) => {
  await characters(visit);
  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  await visit.press('play');
  // Both are means over the last fifty meta-steps: before as many, one lucky meta-batch is a mean.
  await until('fifty meta-steps', async () => (await visit.metaSteps()) >= 50, 60);
  const first = await visit.number('accuracy-after');
  const started = Date.now();
  await until('accuracy after adaptation above 60 %, and far above before', async () => {
    const [before, after] = [await visit.number('accuracy-before'), await visit.number('accuracy-after')];
    return after > 60 && after >= before + 30;
  }, 180);
  t.diagnostic(`above 60 % after ${((Date.now() - started) / 1000).toFixed(0)} s; ${first} % → ${await visit.number('accuracy-after')} % in ${await visit.metaSteps()} meta-steps at ${await visit.text('rate')} a second`);
  await picture(visit, 'characters-training');
});

visit('sines come back as they were, and settings of one family do not show in the other', { open: cpu }, async (visit) => {
  await characters(visit);
  const learners = () => visit.part('learner').locator('option').evaluateAll((options) => options.map((option) => option.value));
  assert.ok(!(await learners()).includes('oracle'), 'nothing can be told about a character');
  await visit.part('task-family').selectOption('sinusoid');
  await visit.adapted();
  assert.ok((await learners()).includes('oracle'));
  assert.equal(await visit.part('ways').count(), 0);
  assert.equal(await visit.part('support-grid').count(), 0);
});

for (const theme of ['light', 'dark']) {
  visit(`characters on a phone in the ${theme} theme stay within it`, { open: { ...cpu, theme, width: 390 } }, async (visit) => {
    await characters(visit);
    await fits(visit);
    await picture(visit, `characters-390-${theme}`);
  });
}
