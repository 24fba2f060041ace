// The search: settings tried by successive halving, a picture and a table of them, and one of them taken over.
import assert from 'node:assert/strict';
import { characters } from './lib/characters.mjs';
import { clean } from './lib/clean.mjs';
import { picture, reportFile } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu', 'search');
const cpu = { query: 'device=cpu' };

const rows = (visit) => visit.part('search-row');

async function started(visit, seconds = 30) {
  await visit.part('search-time').selectOption(String(seconds));
  await until('it can start', () => visit.part('search-start').isEnabled());
  await visit.press('search-start');
}

/** Waits until so many settings have been judged. */
async function judged(visit, count, seconds = 60) {
  await until(`${count} judged settings`, async () => {
    const rungs = await rows(visit).evaluateAll((all) => all.map((row) => Number(row.dataset.rungs)));
    return rungs.filter((rung) => rung > 0).length >= count;
  }, seconds);
}

async function cancelled(visit) {
  await visit.press('search-cancel');
  await until('nothing runs', () => visit.part('search-cancel').isDisabled());
}

/** The rates of a row: inner rate, inner steps, outer rate. */
async function rates(row) {
  return (await row.locator('td').allInnerTexts()).slice(0, 3).map(Number);
}

visit('a search tries settings, ranks them, and says which is best', { open: cpu }, async (visit, t) => {
  await visit.ready();
  await started(visit);
  await until('a plan', async () => /\d+\s×\s\d+/.test(await visit.text('search-plan')));
  t.diagnostic(await visit.text('search-plan'));
  await until('the search is over', () => visit.part('search-start').isEnabled(), 90);
  const count = await rows(visit).count();
  assert.ok([3, 9, 27].includes(count), `${count} settings`);
  assert.equal(await visit.part('search-figure').locator('path.tried').count(), count, 'a mark for each');
  const summary = await visit.text('search-summary');
  t.diagnostic(summary);
  assert.match(summary, /^(The best is .*inner rate|Nothing that was tried beats|The best so far)/);
  const furthest = await rows(visit).evaluateAll((all) => Math.max(...all.map((row) => Number(row.dataset.rungs))));
  assert.equal(await rows(visit).first().getAttribute('data-rungs'), String(furthest), 'the best got furthest');
  await picture(visit, 'search-1280-light');
});

visit('what is cancelled keeps what it has tried, and training had paused for it', { open: cpu }, async (visit) => {
  await visit.ready();
  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  await visit.press('play');
  await until('it trains', async () => (await visit.metaSteps()) > 3);
  await started(visit, 180);
  await judged(visit, 2);
  const steps = await visit.metaSteps();
  await judged(visit, 3);
  assert.equal(await visit.metaSteps(), steps, 'the run waits');
  await cancelled(visit);
  await judged(visit, 3);
  // What it says depends on what the draw had to offer.
  assert.match(await visit.text('search-summary'), /^(The best so far: |The best is |Nothing that was tried beats your own setting)/);
});

visit('a setting that is used is in the controls, and the search stays to try another', { open: cpu }, async (visit) => {
  await visit.ready();
  await started(visit, 180);
  await judged(visit, 3);
  await cancelled(visit);
  const row = rows(visit).filter({ has: visit.page.locator('[data-testid="search-use"]:enabled') }).first();
  const number = await row.getAttribute('data-number');
  const [inner, steps, outer] = await rates(row);
  await row.getByTestId('search-use').click();
  const used = visit.page.locator(`[data-testid="search-row"][data-number="${number}"]`);
  await until('it is in use', () => used.getByTestId('search-use').isDisabled());
  assert.deepEqual(await rates(used), [inner, steps, outer]);
  const values = await visit.page.locator('.knob input.number').evaluateAll((all) => all.map((input) => Number(input.value)));
  for (const value of [inner, steps, outer]) assert.ok(values.includes(value), `${value} among ${values}`);
  const own = visit.page.locator('[data-testid="search-row"][data-number="0"]');
  await own.getByTestId('search-use').click();
  await until('back again', () => own.getByTestId('search-use').isDisabled());
});

visit('another task ends a search and puts it away', { open: cpu }, async (visit) => {
  await visit.ready();
  await started(visit, 180);
  await judged(visit, 1);
  await characters(visit);
  await until('no rows', async () => (await rows(visit).count()) === 0);
  await until('it can start anew', () => visit.part('search-start').isEnabled());
});

visit('it can be asked and cancelled by keyboard, in Chinese', { open: { ...cpu, locale: 'zh-CN' } }, async (visit) => {
  await visit.ready();
  await until('it can start', () => visit.part('search-start').isEnabled());
  await visit.part('search-start').focus();
  await visit.page.keyboard.press('Enter');
  await judged(visit, 1);
  await visit.part('search-cancel').focus();
  await visit.page.keyboard.press('Enter');
  await until('nothing runs', () => visit.part('search-cancel').isDisabled());
  assert.match(await visit.text('search-summary'), /^(目前最好的是|最好的是)：|^试过的设置都不如你自己的设置/);
});

for (const [theme, width] of [['light', 1280], ['dark', 390]]) {
  visit(`the panel is clean for axe and stays within ${width} px in the ${theme} theme`, { open: { ...cpu, theme, width } }, async (visit) => {
    await visit.ready();
    await started(visit, 180);
    await judged(visit, 4);
    await cancelled(visit);
    await clean(visit);
    await visit.part('search').screenshot({ path: reportFile(`search-${width}-${theme}.png`) });
  });
}
