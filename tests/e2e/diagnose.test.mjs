// Diagnoses: the meta-gradient beside finite differences, first-order directions beside MAML's, and what orders cost.
import assert from 'node:assert/strict';
import { characters } from './lib/characters.mjs';
import { clean } from './lib/clean.mjs';
import { picture, reportFile } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu', 'diagnose');
const cpu = { query: 'device=cpu' };

/** Asks for a diagnosis and waits until nothing runs any more. */
async function diagnosed(visit, button, seconds = 60) {
  await until(`${button} can be pressed`, () => visit.part(button).isEnabled());
  await visit.press(button);
  await until(`${button} is over`, async () =>
    (await visit.part('diagnose-stop').isDisabled()) && (await visit.part(button).isEnabled()), seconds);
}

const numbers = (text) => [...text.replaceAll('−', '-').matchAll(/-?\d+(\.\d+)?(e-?\d+)?/g)].map(([found]) => Number(found));

visit('the gradient of the shipped network is right along every direction that says something', { open: cpu }, async (visit, t) => {
  await visit.ready();
  await diagnosed(visit, 'gradient-start');
  const verdict = await visit.text('gradient-verdict');
  t.diagnostic(verdict);
  assert.match(verdict, /^Right: along \d+ of 12 directions/);
  const rows = await visit.part('gradient-row').allInnerTexts();
  assert.equal(rows.length, 12);
  assert.match(rows[0], /^The gradient’s own/);
  assert.ok(rows.filter((row) => /left out/.test(row)).length <= 6, 'at least half of them say something');
  assert.match(await visit.text('gradient-check'), /25 of 25 tasks/);
});

visit('a learner that approximates is compared with the exact gradient and not called wrong', { open: cpu }, async (visit) => {
  await visit.ready();
  await visit.part('learner').selectOption('fomaml');
  await until('its run stands', async () => (await visit.metaSteps()) === 0 && visit.part('gradient-start').isEnabled());
  await diagnosed(visit, 'gradient-start');
  const verdict = await visit.text('gradient-verdict');
  assert.match(verdict, /^The exact gradient is right/);
  assert.match(verdict, /FOMAML \(first order\) approximates that gradient on purpose: the cosine between the two is −?[01]\.\d{3}/);
});

visit('directions are compared now, and again every ten meta-steps while it trains', { open: cpu }, async (visit, t) => {
  await visit.ready();
  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  await diagnosed(visit, 'direction-start');
  const said = await visit.text('direction-summary');
  t.diagnostic(said);
  assert.match(said, /^At meta-step 0 the cosine with MAML’s gradient is −?[01]\.\d{3} for FOMAML and −?[01]\.\d{3} for Reptile/);
  await visit.part('direction-every').selectOption('10');
  await visit.press('play');
  await until('a curve', async () => (await visit.part('direction-row').count()) >= 6, 60);
  await visit.press('pause');
  const steps = (await visit.part('direction-row').locator('th').allInnerTexts()).map(Number);
  assert.ok(steps.every((step) => step % 10 === 0), `${steps}`);
  assert.deepEqual(steps, [...steps].sort((a, b) => b - a), 'the newest first');
  for (const row of await visit.part('direction-row').locator('td').allInnerTexts()) {
    const [cosine, ratio] = numbers(row);
    assert.ok(Math.abs(cosine) <= 1 && ratio >= 0, row);
  }
  assert.ok((await visit.part('direction-figure').locator('path.mean-line.own').getAttribute('d')).includes('L'), 'a line is drawn');
  await picture(visit, 'diagnose-directions-1280-light');
  await visit.press('reset');
  await until('the rows of the run before are gone', async () => (await visit.part('direction-row').count()) <= 1);
});

visit('second order is timed beside first order, over inner steps', { open: cpu }, async (visit, t) => {
  await visit.ready();
  await diagnosed(visit, 'cost-start', 120);
  const said = await visit.text('cost-summary');
  t.diagnostic(said);
  assert.match(said, /^With one gradient step, second order costs [\d.]+ × first order here/);
  const rows = await visit.part('cost-row').allInnerTexts();
  assert.equal(rows.length, 3);
  for (const row of rows) {
    const [steps, first, second, ratio, ...memory] = numbers(row);
    assert.ok(steps >= 1 && first > 0 && second > 0 && ratio > 0 && memory.length === 2 && memory.every((bytes) => bytes > 0), row);
  }
  assert.match(await visit.text('cost-meter'), /counted where they are allocated/);
});

visit('what is stopped keeps what it found, and training goes on meanwhile', { open: cpu }, async (visit) => {
  await characters(visit);
  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  await visit.press('play');
  await until('it trains', async () => (await visit.metaSteps()) > 3);
  await visit.press('gradient-start');
  await until('some directions', async () => (await visit.part('gradient-row').count()) >= 2, 60);
  const steps = await visit.metaSteps();
  await until('more meta-steps', async () => (await visit.metaSteps()) > steps);
  // It may be over before the button is reached.
  await visit.part('diagnose-stop').evaluate((button) => button.click());
  await until('nothing runs', () => visit.part('diagnose-stop').isDisabled());
  assert.ok((await visit.part('gradient-row').count()) >= 2);
  assert.doesNotMatch(await visit.text('gradient-verdict'), /^Wrong/);
});

visit('a diagnosis asked for in the instant in which another learner is chosen is of that learner', { open: cpu }, async (visit) => {
  await visit.ready();
  await until('it can start', () => visit.part('gradient-start').isEnabled());
  await visit.page.evaluate(() => {
    const part = (name) => document.querySelector(`[data-testid="${name}"]`);
    part('learner').value = 'fomaml';
    part('learner').dispatchEvent(new Event('change', { bubbles: true }));
    part('gradient-start').click();
  });
  await until('a verdict on it', async () => /FOMAML \(first order\) approximates/.test(await visit.text('gradient-verdict')), 60);
});

visit('characters have angles too, and a learner that makes its head says why it has none', { open: cpu }, async (visit) => {
  await characters(visit);
  await diagnosed(visit, 'direction-start', 120);
  assert.match(await visit.text('direction-summary'), /for FOMAML and/);
  await visit.part('learner').selectOption('prototypical');
  await until('it says why', async () => /goes back through them/.test(await visit.text('direction-summary')));
  assert.ok(await visit.part('direction-start').isDisabled());
  await until('its run stands', async () => (await visit.metaSteps()) === 0 && visit.part('gradient-start').isEnabled());
  await diagnosed(visit, 'gradient-start', 120);
  assert.match(await visit.text('gradient-verdict'), /^Right/);
});

visit('it can be asked by keyboard, in Chinese', { open: { ...cpu, locale: 'zh-CN' } }, async (visit) => {
  await visit.ready();
  await until('it can start', () => visit.part('gradient-start').isEnabled());
  await visit.part('gradient-start').focus();
  await visit.page.keyboard.press('Enter');
  await until('a verdict', async () => /^正确：12 个方向中有 \d+ 个的斜率与差分一致/.test(await visit.text('gradient-verdict')), 60);
});

for (const [theme, width] of [['light', 1280], ['dark', 390]]) {
  visit(`the panel is clean for axe and stays within ${width} px in the ${theme} theme`, { open: { ...cpu, theme, width } }, async (visit) => {
    await visit.ready();
    await diagnosed(visit, 'gradient-start');
    await diagnosed(visit, 'direction-start');
    await diagnosed(visit, 'cost-start', 120);
    await clean(visit);
    await visit.part('diagnose').screenshot({ path: reportFile(`diagnose-${width}-${theme}.png`) });
  });
}
