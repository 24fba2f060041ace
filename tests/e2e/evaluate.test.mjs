// Evaluation: means over many unseen tasks with their intervals, published figures beside them, and where they break.
import assert from 'node:assert/strict';
import { characters } from './lib/characters.mjs';
import { clean } from './lib/clean.mjs';
import { picture, reportFile } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');
const cpu = { query: 'device=cpu' };

const rows = (visit) => visit.part('evaluate-row');

/** A row's mean and half-width after some inner steps. */
async function mean(row, step) {
  const text = await row.locator(`td[data-step="${step}"]`).innerText();
  const [, middle, half] = /(-?[\d.]+)\s±\s([\d.]+)/.exec(text) ?? [];
  return { mean: Number(middle), half: Number(half), text };
}

/** Waits until every one of so many rows is finished. */
async function finished(visit, count, seconds = 60) {
  await until(`${count} finished rows`, async () => {
    const states = await rows(visit).evaluateAll((all) => all.map((row) => row.dataset.finished));
    return states.length === count && states.every((state) => state === 'true');
  }, seconds);
  await until('nothing runs', () => visit.part('evaluate-stop').isDisabled());
}

async function evaluated(visit, tasks) {
  await visit.part('evaluate-tasks').selectOption(String(tasks));
  await until('it can start', () => visit.part('evaluate-start').isEnabled());
  await visit.press('evaluate-start');
}

const shift = (visit, name) => visit.part('evaluate').getByRole('button', { name });

visit('the shipped network does better after a step than before, over a hundred unseen tasks', { open: cpu }, async (visit, t) => {
  await visit.ready();
  await evaluated(visit, 100);
  await finished(visit, 1);
  const [before, after, last] = [await mean(rows(visit), 0), await mean(rows(visit), 1), await mean(rows(visit), 10)];
  t.diagnostic(`loss ${before.text} → ${after.text} → ${last.text}`);
  assert.ok(after.mean < before.mean && last.mean < after.mean, 'each is better than the one before');
  assert.match(await rows(visit).innerText(), /100 tasks, meta-step 70000/);
  assert.match(await visit.text('evaluate-summary'), /over 100 tasks the mean loss is [\d.]+\s±\s[\d.]+ before adapting/);
  assert.match(await visit.text('evaluate-published'), /Finn, Abbeel and Levine 2017, Table 2[\s\S]+follows the paper[\s\S]+0\.67/);
  await picture(visit, 'evaluate-1280-light');
});

visit('the interval narrows as tasks come in', { open: cpu }, async (visit, t) => {
  await visit.ready();
  await evaluated(visit, 100);
  await finished(visit, 1);
  const few = await mean(rows(visit), 0);
  await visit.part('evaluate-tasks').selectOption('1000');
  await visit.press('evaluate-start');
  await until('a thousand tasks', async () => /1000 tasks, meta-step/.test(await rows(visit).innerText()));
  await finished(visit, 1);
  const many = await mean(rows(visit), 0);
  t.diagnostic(`${few.text} over 100 tasks, ${many.text} over 1000`);
  assert.ok(many.half < few.half / 2, 'ten times the tasks, a third of the interval');
});

visit('amplitudes that it never met are where it breaks', { open: cpu }, async (visit) => {
  await visit.ready();
  await evaluated(visit, 100);
  await finished(visit, 1);
  await shift(visit, /^Amplitudes/).click();
  await finished(visit, 2);
  const [own, shifted] = [await mean(rows(visit).nth(0), 1), await mean(rows(visit).nth(1), 1)];
  assert.ok(shifted.mean > 2 * own.mean, `${shifted.text} on the shifted tasks, ${own.text} on its own`);
  // On some of them it may run off altogether.
  assert.match(await visit.text('evaluate-summary'), /^Amplitudes 5 … 9\.9:.+(Here it does worse|run far off|ran off)/);
});

visit('every shift is tried one after another, and a restart puts them all away', { open: cpu }, async (visit) => {
  await visit.ready();
  await evaluated(visit, 100);
  await visit.press('evaluate-all');
  const count = 1 + (await visit.part('evaluate-shift').count());
  assert.ok(count >= 5, `${count} rows`);
  await finished(visit, count);
  await picture(visit, 'evaluate-all-1280-light');
  await visit.press('reset');
  await until('no rows', async () => (await rows(visit).count()) === 0);
});

visit('characters are judged by their accuracy too, beside the paper’s and on more drawings of each', { open: cpu }, async (visit, t) => {
  await characters(visit);
  await until('the shipped network', async () => (await visit.metaSteps()) > 0);
  await evaluated(visit, 100);
  await finished(visit, 1, 120);
  const [before, after] = [await mean(rows(visit), 0), await mean(rows(visit), 3)];
  t.diagnostic(`accuracy ${before.text.replace(/\s+/g, ' ')} → ${after.text.replace(/\s+/g, ' ')}`);
  assert.match(after.text, /%/);
  assert.ok(after.mean > before.mean + 30, 'three steps raise it far above chance');
  assert.match(await visit.text('evaluate-published'), /98\.7\s±\s0\.4\s%[\s\S]*What differs/);
  await shift(visit, '5 drawings of each').click();
  await finished(visit, 2, 120);
  assert.ok((await mean(rows(visit).nth(1), 3)).mean > after.mean, 'five drawings tell more than one');
  await picture(visit, 'evaluate-characters-1280-light');
});

visit('what is stopped keeps the figures so far, and training goes on meanwhile', { open: cpu }, async (visit) => {
  await characters(visit);
  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  await visit.press('play');
  await until('it trains', async () => (await visit.metaSteps()) > 3);
  await evaluated(visit, 4000);
  await until('some tasks', async () => (await rows(visit).count()) === 1);
  const [steps, told] = [await visit.metaSteps(), await rows(visit).innerText()];
  await until('more tasks and meta-steps', async () => (await visit.metaSteps()) > steps && (await rows(visit).innerText()) !== told, 60);
  await visit.press('evaluate-stop');
  await finished(visit, 1);
  assert.match(await rows(visit).innerText(), /\d+ of 4000 tasks/);
});

visit('it can be asked by keyboard, in Chinese', { open: { ...cpu, locale: 'zh-CN' } }, async (visit) => {
  await visit.ready();
  await until('it can start', () => visit.part('evaluate-start').isEnabled());
  await visit.part('evaluate-start').focus();
  await visit.page.keyboard.press('Enter');
  await finished(visit, 1);
  assert.match(await visit.text('evaluate-summary'), /^训练所用的任务：在 100 个任务上，适应前的平均损失是/);
  assert.match(await visit.text('evaluate-published'), /（2017），表 2/);
});

for (const [theme, width] of [['light', 1280], ['dark', 390]]) {
  visit(`the panel is clean for axe and stays within ${width} px in the ${theme} theme`, { open: { ...cpu, theme, width } }, async (visit) => {
    await visit.ready();
    await evaluated(visit, 100);
    await finished(visit, 1);
    await shift(visit, /^Phases/).click();
    await finished(visit, 2);
    await visit.part('evaluate-published').locator('summary').click();
    await clean(visit);
    await visit.part('evaluate').screenshot({ path: reportFile(`evaluate-${width}-${theme}.png`) });
  });
}
