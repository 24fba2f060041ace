// The comparison: learners side by side on the same tasks, in small figures, lines, tables and a sentence.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { characters } from './lib/characters.mjs';
import { clean } from './lib/clean.mjs';
import { commandLine } from './lib/link.mjs';
import { picture, reportFile } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu', 'compare');
const cpu = { query: 'device=cpu' };

const multiples = (visit) => visit.part('compare-multiple');
const rows = (visit) => visit.part('compare-table').locator('tbody tr');

/** Chooses exactly these contestants. */
async function choose(visit, names) {
  const boxes = visit.part('compare-choice');
  for (const name of await boxes.evaluateAll((all) => all.map((box) => box.value))) {
    const box = visit.page.locator(`[data-testid="compare-choice"][value="${name}"]`);
    if ((await box.isChecked()) && !names.includes(name)) await box.click();
  }
  for (const name of names) {
    const box = visit.page.locator(`[data-testid="compare-choice"][value="${name}"]`);
    if (!(await box.isChecked())) await box.click();
  }
}

async function started(visit, names, metaSteps = 100) {
  await choose(visit, names);
  await visit.part('compare-steps').selectOption(String(metaSteps));
  await until('it can start', () => visit.part('compare-start').isEnabled());
  await visit.press('compare-start');
  await until('it has begun', async () => (await multiples(visit).count()) === names.length);
}

async function finished(visit) {
  await until('it is over', () => visit.part('compare-cancel').isDisabled(), 120);
}

/** The means of the table, a row a step. */
async function means(visit) {
  const texts = await rows(visit).evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((td) => td.innerText)));
  return texts.map((cells) => cells.map((text) => text.split('±').map((part) => Number(part.trim()))));
}

visit('learners are compared, and the figures are those of the command line', { open: cpu }, async (visit, t) => {
  await visit.ready();
  await started(visit, ['reptile', 'scratch']);
  await finished(visit);
  const caption = await visit.text('compare-caption');
  t.diagnostic(caption);
  assert.match(caption, / to reach a query loss of .*\. The best is /);
  const arguments_ = ['compare', '--preset', 'sinusoid-maml-5shot', '--learners', 'reptile,scratch', '--meta-steps', '100', '--json'];
  const told = JSON.parse(execFileSync(commandLine, arguments_, { encoding: 'utf8', maxBuffer: 1 << 28 }));
  const table = await means(visit);
  assert.equal(table.length, 11);
  table.forEach((cells, step) => cells.forEach(([mean, half], place) => {
    const { loss } = told.entrants[place].evaluation.steps[step];
    // What the page rounds away, and what native and wasm arithmetic round apart.
    const slack = 10 ** -Math.max(0, Math.min(4, 1 - Math.floor(Math.log10(half)))) + 0.002 * loss.mean;
    assert.ok(Math.abs(mean - loss.mean) <= slack, `step ${step}: ${mean} beside ${loss.mean}`);
    assert.ok(Math.abs(half - loss.ci95) <= slack, `step ${step}: ±${half} beside ±${loss.ci95}`);
  }));
  await picture(visit, 'compare-1280-light');
});

visit('the small figures follow the scrubber and the task on show', { open: cpu }, async (visit) => {
  await visit.ready();
  await started(visit, ['own', 'scratch']);
  await finished(visit);
  const line = () => multiples(visit).first().locator('path.fit').getAttribute('d');
  const truth = () => multiples(visit).first().locator('path.truth').getAttribute('d');
  const first = await multiples(visit).evaluateAll((all) => all.map((one) => one.querySelector('path.truth').getAttribute('d')));
  assert.equal(new Set(first).size, 1, 'the same task and the same axes');
  await visit.part('scrubber').focus();
  await visit.page.keyboard.press('Home');
  await until('step 0', async () => /step 0/.test(await multiples(visit).first().innerText()));
  const before = await line();
  await visit.page.keyboard.press('End');
  await until('another prediction', async () => (await line()) !== before);
  const task = await truth();
  await visit.press('new-task');
  await until('another task', async () => (await truth()) !== task);
});

visit('what is cancelled keeps what it has found, and the own run is not touched', { open: cpu }, async (visit) => {
  await visit.ready();
  const steps = await visit.metaSteps();
  await started(visit, ['own', 'maml', 'reptile'], 30000);
  await until('curves', async () => (await visit.part('compare-curves').count()) === 1, 90);
  await visit.press('compare-cancel');
  await until('nothing runs', () => visit.part('compare-cancel').isDisabled());
  assert.equal(await multiples(visit).count(), 3);
  assert.equal(await visit.part('compare-curves').count(), 1);
  assert.equal(await visit.metaSteps(), steps);
});

visit('a seventh contestant cannot be chosen', { open: cpu }, async (visit) => {
  await visit.ready();
  await choose(visit, ['own', 'maml', 'fomaml', 'reptile', 'meta_sgd', 'scratch']);
  assert.ok(await visit.page.locator('[data-testid="compare-choice"][value="anil"]').isDisabled());
  await choose(visit, ['own']);
  assert.ok(await visit.part('compare-start').isDisabled(), 'one alone is no comparison');
});

visit('characters are compared by what each query drawing is taken for', { open: cpu }, async (visit) => {
  await characters(visit);
  await started(visit, ['own', 'prototypical']);
  await until('drawings', async () => (await multiples(visit).first().locator('.taken li').count()) > 0);
  const counts = await Promise.all([0, 1].map((place) => multiples(visit).nth(place).locator('.taken li').count()));
  assert.equal(counts[0], counts[1], 'the same drawings');
  await visit.press('compare-cancel');
});

visit('it can be chosen, asked and cancelled by keyboard, in Chinese', { open: { ...cpu, locale: 'zh-CN' } }, async (visit) => {
  await visit.ready();
  await until('it can start', () => visit.part('compare-start').isEnabled());
  await visit.page.locator('[data-testid="compare-choice"][value="fomaml"]').focus();
  await visit.page.keyboard.press('Space');
  await visit.part('compare-steps').selectOption('100');
  await visit.part('compare-start').focus();
  await visit.page.keyboard.press('Enter');
  await until('four contestants', async () => (await multiples(visit).count()) === 4);
  await finished(visit);
  assert.match(await visit.text('compare-caption'), /^要达到 .*的查询损失/);
});

for (const [theme, width] of [['light', 1280], ['dark', 390]]) {
  visit(`the panel is clean for axe and stays within ${width} px in the ${theme} theme`, { open: { ...cpu, theme, width } }, async (visit) => {
    await visit.ready();
    await started(visit, ['own', 'maml', 'fomaml', 'reptile', 'meta_sgd', 'scratch']);
    await finished(visit);
    await clean(visit);
    await visit.part('compare').screenshot({ path: reportFile(`compare-${width}-${theme}.png`) });
  });
}
