// Layers: what adaptation changes, in figures and tables that hold the command line's numbers; and what a learner without
// inner steps makes of a task.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { characters } from './lib/characters.mjs';
import { clean } from './lib/clean.mjs';
import { commandLine, link } from './lib/link.mjs';
import { until } from './lib/poll.mjs';
import { picture, reportFile } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';

const { visit } = suite('cpu', 'layers');
const cpu = { query: 'device=cpu' };

const BUDGET = { 'budget.meta_steps': 4 };
const SMALL = { ...BUDGET, 'model.filters': 8, 'task.ways': 3, 'task.queries': 3, 'outer.meta_batch': 2, 'learner.eval_steps': 3 };

/** What the command line says of the random start of a link. */
const told = (hash, ...more) =>
  JSON.parse(execFileSync(commandLine, ['layers', '--link', hash, '--json', ...more], { encoding: 'utf8', maxBuffer: 1 << 26 }));

async function started(visit) {
  await until('it can start', () => visit.part('layers-start').isEnabled(), 60);
  await visit.press('layers-start');
}

async function whole(visit, seconds = 120) {
  await started(visit);
  await until('it is over', async () =>
    (await visit.part('scene-figure').count()) === 1 && (await visit.part('layers-start').isEnabled()), seconds);
}

/** The rows of a table as texts. */
const rows = (visit, name) => visit.part(name).locator('tbody tr').evaluateAll((all) =>
  all.map((row) => ({ ...row.dataset, cells: [...row.children].map((cell) => cell.textContent.trim()) })));

/** Numbers of a cell, a mean and its interval apart. */
const numbers = (text) => text.replaceAll('−', '-').split('±').map((part) => Number.parseFloat(part));

/** A cell is the command line's number as far as it is written, and as far as two builds round alike. */
function assertCell(cell, expected, what) {
  if (expected === null || expected === undefined) return assert.equal(cell, '–', what);
  const wanted = typeof expected === 'number' ? [expected] : [expected.mean, expected.ci95];
  numbers(cell).forEach((found, place) => {
    const written = cell.split('±')[place].trim();
    const digit = 10 ** -(written.match(/\.(\d+)/)?.[1].length ?? 0) * 10 ** Number(/e([-−]?\d+)/.exec(written)?.[1].replace('−', '-') ?? 0);
    assert.ok(Math.abs(found - wanted[place]) <= 0.51 * digit + 0.001 * Math.abs(wanted[place]), `${what}: ${cell} instead of ${wanted}`);
  });
}

function assertTable(table, report) {
  assert.equal(table.length, report.layers.length * report.steps.length);
  for (const { layer, step, cells } of table) {
    const place = report.steps.indexOf(Number(step));
    const { shown, others } = report.layers.find(({ name }) => name === layer);
    const pairs = ['alike', 'change', 'gradient'].flatMap((figure) => [shown[place][figure], others[place][figure]]);
    pairs.forEach((expected, column) => assertCell(cells[2 + column], expected, `${layer} after ${step}, column ${column}`));
  }
}

// Another width than the shipped networks have, so that the page starts at random as the command line does.
const sines = link('sinusoid-maml', { ...BUDGET, 'model.hidden': '20,20' });
visit('the table holds the numbers of the command line, and the caption answers the title', { open: { ...cpu, hash: sines } }, async (visit, t) => {
  await visit.ready();
  await whole(visit);
  const report = told(sines);
  assertTable(await rows(visit, 'layers-table'), report);
  const caption = await visit.text('layers-caption');
  t.diagnostic(caption);
  assert.match(caption, /^After inner step \d+ the features that the head sees are [01]\.\d\d alike .+ what the head says [01]\.\d\d: .+\. Means over 20 further tasks\.$/);
  assert.equal(await visit.part('layers-figure').count(), 3);
  const places = await rows(visit, 'scene-table');
  assert.equal(places.length, report.scene.examples.length);
  await picture(visit, 'layers-1280-light');
});

visit('the scrubber moves the mark, and figures of the task on show can be chosen', { open: { ...cpu, hash: sines } }, async (visit) => {
  await visit.ready();
  await whole(visit);
  const at = () => visit.part('layers-figure').first().locator('.now').getAttribute('x1');
  await visit.part('scrubber').fill('0');
  const before = await at();
  const places = await rows(visit, 'scene-table');
  await visit.part('scrubber').fill('1');
  await until('the mark moves', async () => (await at()) !== before);
  await until('examples move', async () => JSON.stringify(await rows(visit, 'scene-table')) !== JSON.stringify(places));
  const line = () => visit.part('layers-figure').nth(1).locator('.mean-line').first().getAttribute('d');
  const means = await line();
  await visit.part('layers-over').selectOption('own');
  await until('another line', async () => (await line()) !== means);
});

const glyphs = link('glyphs-light-maml-5w1s', SMALL);
visit('characters have the command line’s numbers too, and filters and maps of a drawing chosen by keyboard', { open: { ...cpu, hash: glyphs }, timeout: 300_000 }, async (visit) => {
  await visit.ready();
  await whole(visit, 240);
  const report = told(glyphs, '--drawing', '4');
  assertTable(await rows(visit, 'layers-table'), report);
  await until('maps', async () => (await visit.part('maps-figure').locator('image').count()) === 15, 60);
  const drawings = visit.part('map-drawing');
  assert.equal(await drawings.count(), 3 + 9);
  await drawings.nth(4).focus();
  await visit.page.keyboard.press('Enter');
  await until('it is chosen', async () => (await drawings.nth(4).getAttribute('aria-pressed')) === 'true', 60);
  await visit.part('scrubber').fill('3');
  const { blocks } = report.activations;
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  await until('the table of the last step', async () => {
    const table = await rows(visit, 'maps-table');
    return table.length === 5 && blocks.every(({ values }, block) => {
      const [, before, now] = table[block + 1].cells;
      return Math.abs(numbers(before)[0] - mean(values[0])) < 0.01 && Math.abs(numbers(now)[0] - mean(values[3])) < 0.01;
    });
  });
  assert.match(await visit.text('maps-caption'), /^After inner step 3 the maps of block [1-4] change most/);
});

const matching = link('glyphs-light-matching-5w1s', SMALL);
visit('a matching network shows its attention, which is the command line’s', { open: { ...cpu, hash: matching } }, async (visit) => {
  await visit.ready();
  await whole(visit);
  const report = told(matching);
  const table = await rows(visit, 'likeness-table');
  assert.equal(table.length, 9);
  table.forEach(({ cells }, query) => cells.slice(1).forEach((cell, column) =>
    assert.ok(Math.abs(Number(cell) - report.likeness.rows[query][column]) < 0.002, `${query} ${column}: ${cell}`)));
  assert.match(await visit.text('layers-caption'), /^No weight changes inside a task/);
  assert.match(await visit.text('likeness-caption'), /attention to drawings of its own class/);
});

const prototypes = link('glyphs-light-prototypical-5w1s', SMALL);
visit('a prototypical network shows prototypes and the areas where each is the nearest', { open: { ...cpu, hash: prototypes } }, async (visit) => {
  await visit.ready();
  await whole(visit);
  assert.equal(await visit.part('scene-figure').locator('path.region').count(), 3);
  assert.equal((await rows(visit, 'scene-table')).length, 3 + 9 + 3);
  assert.match(await visit.text('scene-caption'), /^\d of 9 queries lie where the prototype of their own class is the nearest/);
  assert.equal(await visit.part('layers-table').count(), 0);
});

visit('what is cancelled keeps what is known, and training goes on meanwhile', { open: cpu, timeout: 300_000 }, async (visit) => {
  await characters(visit);
  await visit.panel('layers');
  await visit.press('play');
  const first = await visit.metaSteps();
  // A network that came trained begins anew.
  await until('it trains', async () => (await visit.metaSteps()) > 0 && (await visit.metaSteps()) !== first, 60);
  await started(visit);
  await until('lines', async () => (await visit.part('layers-figure').count()) === 3, 120);
  const steps = await visit.metaSteps();
  await until('it trains on', async () => (await visit.metaSteps()) > steps, 60);
  // It may be over before the button is reached.
  await visit.part('layers-cancel').evaluate((button) => button.click());
  await until('nothing runs', () => visit.part('layers-cancel').isDisabled());
  assert.equal(await visit.part('layers-figure').count(), 3);
});

visit('another task on show is looked into as well', { open: { ...cpu, hash: sines } }, async (visit) => {
  await visit.ready();
  await whole(visit);
  const own = async () => (await rows(visit, 'layers-table'))[1].cells.slice(2);
  const before = await own();
  await visit.press('new-task');
  await until('other figures', async () => {
    const now = await own().catch(() => before);
    return now.length > 0 && now.join() !== before.join();
  }, 60);
});

visit('a quadratic has no layers and says so', { open: { ...cpu, hash: link('quadratic-lstm', BUDGET) } }, async (visit) => {
  await until('a sentence', async () => (await visit.part('layers-none').count()) === 1, 60);
});

visit('it can be asked by keyboard, in Chinese', { open: { ...cpu, locale: 'zh-CN', hash: sines } }, async (visit) => {
  await visit.ready();
  await until('it can start', () => visit.part('layers-start').isEnabled());
  await visit.part('layers-start').focus();
  await visit.page.keyboard.press('Enter');
  await until('a sentence', async () => /^第 \d+ 个内层步之后，/.test(await visit.text('layers-caption')), 60);
});

for (const [theme, width, hash] of [['light', 1280, prototypes], ['dark', 390, sines]]) {
  visit(`the panel is clean for axe and stays within ${width} px in the ${theme} theme`, { open: { ...cpu, theme, width, hash } }, async (visit) => {
    await visit.ready();
    await whole(visit);
    await clean(visit);
    await visit.part('layers').screenshot({ path: reportFile(`layers-${width}-${theme}.png`) });
  });
}
