// The runs that were recorded: kept over a reload, named, pinned, laid beside each other, deleted and taken along.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { clean } from './lib/clean.mjs';
import { until } from './lib/poll.mjs';
import { reportFile } from './lib/report.mjs';
import { shelf } from './lib/shelf.mjs';
import { suite } from './lib/suite.mjs';

const { visit } = suite('cpu', 'runs');
const cpu = { query: 'device=cpu' };

const rows = (visit) => visit.part('run-row');
const names = async (visit) => visit.part('run-rename').evaluateAll((all) => all.map((input) => input.value || input.placeholder));

/** Meta-trains from the seed for some meta-steps, and pauses. */
async function train(visit, steps) {
  const before = await rows(visit).count();
  if ((await visit.metaSteps()) > 0) await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  await visit.press('play');
  await until(`${steps} meta-steps`, async () => (await visit.metaSteps()) >= steps, 60);
  await visit.press('pause');
  // A run is listed from its first meta-steps on; its record is whole when it has paused.
  await until('it has paused', () => visit.part('play').first().isEnabled());
  await until('it is recorded', async () => (await rows(visit).count()) === before + 1);
}

async function rename(visit, place, name) {
  await visit.part('run-rename').nth(place).fill(name);
  await visit.part('run-rename').nth(place).press('Enter');
  await visit.part('run-rename').nth(place).blur();
}

/** Two runs that differ in their learner, named, the newest first. */
async function twoRuns(visit) {
  await visit.ready();
  await train(visit, 20);
  await rename(visit, 0, 'first');
  await visit.part('learner').selectOption({ index: 2 });
  await until('the run begins again', async () => (await visit.metaSteps()) === 0);
  await train(visit, 20);
  await rename(visit, 0, 'second');
  assert.deepEqual(await names(visit), ['second', 'first']);
}

/** Gives the page so many runs like the one that it has trained, each as `change` says. */
async function bring(visit, count, change) {
  const file = JSON.parse(await downloaded(visit, () => visit.press('runs-export')));
  const runs = Array.from({ length: count }, (_, place) => ({ ...file.runs[0], id: `brought-${place}`, ...change(place) }));
  const buffer = Buffer.from(JSON.stringify({ ...file, runs }));
  const before = await rows(visit).count();
  await visit.part('runs-import').setInputFiles({ name: 'runs.json', mimeType: 'application/json', buffer });
  await until('they are listed', async () => (await rows(visit).count()) === before + count);
}

async function downloaded(visit, press) {
  const [download] = await Promise.all([visit.page.waitForEvent('download'), press()]);
  return readFileSync(await download.path(), 'utf8');
}

visit('runs are recorded, named, pinned and found, and are there after a reload', { open: cpu }, async (visit) => {
  await twoRuns(visit);
  await visit.part('run-pin').nth(1).click();
  await until('the pinned one is above', async () => (await names(visit))[0] === 'first');
  const summaries = await visit.part('run-summary').allInnerTexts();
  await until('the pin is kept', async () =>
    (await shelf(visit, 'runs')).some((file) => JSON.parse(file).runs.some(({ name, pinned }) => name === 'first' && pinned)));
  await visit.page.reload();
  await visit.ready();
  await until('both are back', async () => (await rows(visit).count()) === 2);
  assert.deepEqual(await names(visit), ['first', 'second']);
  assert.deepEqual(await visit.part('run-summary').allInnerTexts(), summaries);
  await visit.part('runs-search').fill('SEC');
  await until('one is found', async () => (await rows(visit).count()) === 1);
  assert.deepEqual(await names(visit), ['second']);
});

visit('two runs are laid over each other, and their difference is told', { open: cpu }, async (visit) => {
  await twoRuns(visit);
  await visit.part('run-choose').nth(0).check();
  assert.equal(await visit.part('runs-difference').count(), 0);
  await visit.part('run-choose').nth(1).check();
  const lines = visit.part('runs-figure').locator('path.run-line:not(.raw)');
  await until('two lines', async () => (await lines.count()) === 2);
  assert.match(await visit.text('runs-difference'), /learner\.kind/);
  const drawn = () => lines.first().getAttribute('d');
  const smooth = await drawn();
  await visit.part('runs-smooth').selectOption('1');
  await until('another line', async () => (await drawn()) !== smooth);
  const raw = await drawn();
  await visit.press('runs-log');
  await until('a logarithmic axis', async () => (await drawn()) !== raw);
  const marks = visit.part('runs-figure').locator('path.run-end');
  assert.equal(await marks.count(), 2, 'a mark at the end of each line');
});

visit('the lines of the figure stand in a table, a row a meta-step and a column a run', { open: cpu }, async (visit) => {
  await twoRuns(visit);
  for (const place of [0, 1]) await visit.part('run-choose').nth(place).check();
  await visit.part('runs-table').waitFor({ state: 'attached' });
  await visit.page.locator('details:has([data-testid="runs-table"]) > summary').click();
  await visit.part('runs-table').waitFor();
  const cells = (of) => visit.part('runs-table').locator(of).allTextContents();
  await until('a column a run', async () => (await cells('thead th')).length === 3);
  assert.deepEqual((await cells('thead th')).slice(1), ['second', 'first']);
  const steps = (await cells('tbody th')).map(Number);
  assert.ok(steps.length > 0 && steps.length <= 24, `${steps.length} rows`);
  assert.ok(steps.every((step, place) => step > (steps[place - 1] ?? 0)), `${steps}`);
  assert.equal((await cells('tbody td')).length, 2 * steps.length);
});

visit('of runs that classify the accuracy is drawn, or the loss, which can be logarithmic', { open: cpu }, async (visit) => {
  await visit.ready();
  await train(visit, 20);
  const curve = Array.from({ length: 20 }, (_, place) => (
    { meta_step: place + 1, before: 1.6, after: 1.5 / (place + 1), accuracy: [0.2, 0.2 + place / 40] }));
  await bring(visit, 1, () => ({ name: 'characters', meta_step: 20, curve, checks: [], evaluation: null }));
  const one = (await names(visit)).indexOf('characters');
  await visit.part('run-choose').nth(one).check();
  const line = visit.part('runs-figure').locator('path.run-line:not(.raw)');
  await line.waitFor({ state: 'attached' });
  const drawn = () => line.getAttribute('d');
  assert.equal(await visit.part('runs-accuracy').getAttribute('aria-pressed'), 'true');
  assert.equal(await visit.part('runs-log').count(), 0, 'an accuracy has no logarithmic axis');
  const accuracy = await drawn();
  await visit.press('runs-loss');
  await until('the loss', async () => (await drawn()) !== accuracy);
  const loss = await drawn();
  await visit.press('runs-log');
  await until('a logarithmic axis', async () => (await drawn()) !== loss);
  await visit.press('runs-accuracy');
  await until('the accuracy again', async () => (await drawn()) === accuracy);
});

visit('runs without a name are told apart, and of six that are chosen it is said', { open: cpu }, async (visit) => {
  await visit.ready();
  await train(visit, 20);
  const [alone] = await names(visit);
  await bring(visit, 6, () => ({ name: '' }));
  const all = await names(visit);
  assert.equal(new Set(all).size, 7, `${all}`);
  assert.ok(all.every((name) => name.startsWith(`${alone} · `)), `${all}`);
  const labels = await visit.part('run-choose').evaluateAll((boxes) => boxes.map((box) => box.ariaLabel));
  assert.equal(new Set(labels).size, 7, `${labels}`);
  assert.match(await visit.text('runs-chosen'), /^0 of 6/);
  for (const place of [0, 1, 2, 3, 4, 5]) await visit.part('run-choose').nth(place).check();
  await until('six are chosen', async () => /^6 of 6/.test(await visit.text('runs-chosen')));
  assert.ok(await visit.part('run-choose').nth(6).isDisabled());
  const legend = await visit.part('runs').locator('.legend li').allInnerTexts();
  assert.equal(new Set(legend).size, 6, `${legend}`);
});

visit('a run is deleted, comes back, and its experiment is opened as by its link', { open: cpu }, async (visit) => {
  await twoRuns(visit);
  await visit.part('run-delete').nth(0).click();
  await until('one is left', async () => (await rows(visit).count()) === 1);
  await visit.press('runs-undo');
  await until('both are there', async () => (await rows(visit).count()) === 2);
  assert.deepEqual(await names(visit), ['second', 'first']);
  await until('the row that came back has the focus', () => rows(visit).nth(0).evaluate((row) => row.contains(document.activeElement)));
  const learner = () => visit.part('learner').inputValue();
  const now = await learner();
  await visit.part('run-open').nth(1).click();
  await until('the other learner', async () => (await learner()) !== now);
});

visit('runs survive their file, and a file of something else is refused in a sentence', { open: cpu }, async (visit) => {
  await twoRuns(visit);
  const json = await downloaded(visit, () => visit.press('runs-export'));
  assert.equal(JSON.parse(json).runs.length, 2);
  const summaries = await visit.part('run-summary').allInnerTexts();
  for (const left of [1, 0]) {
    await visit.part('run-delete').nth(0).click();
    await until(`${left} left`, async () => (await rows(visit).count()) === left);
  }
  const give = (text) => visit.part('runs-import').setInputFiles({ name: 'runs.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await give('{"hello": 1}');
  await until('it says why', async () => /not a file of runs/.test(await visit.text('runs-imported')));
  await give(json);
  await until('both are back', async () => (await rows(visit).count()) === 2);
  assert.deepEqual(await visit.part('run-summary').allInnerTexts(), summaries);
  await give(json);
  await until('they are known', async () => /Here already: 2/.test(await visit.text('runs-imported')));
  assert.equal(await rows(visit).count(), 2);
});

for (const [theme, width, locale] of [['light', 1280, 'en-US'], ['dark', 390, 'zh-CN']]) {
  visit(`the panel is clean for axe and stays within ${width} px in the ${theme} theme`, { open: { ...cpu, theme, width, locale } }, async (visit) => {
    await twoRuns(visit);
    await visit.part('run-choose').nth(0).focus();
    await visit.page.keyboard.press('Space');
    await visit.part('run-choose').nth(1).check();
    await visit.part('runs-difference').waitFor();
    await visit.part('run-delete').nth(1).focus();
    await clean(visit);
    await visit.part('runs').screenshot({ path: reportFile(`runs-${width}-${theme}.png`) });
  });
}
