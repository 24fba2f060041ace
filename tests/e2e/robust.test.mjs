// What a sceptic tries: pressing twice, cancelling at once, changing everything midway, breaking the worker, taking the
// storage away, and files, names and numbers that nobody should have.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { clean } from './lib/clean.mjs';
import { link } from './lib/link.mjs';
import { until } from './lib/poll.mjs';
import { reportFile } from './lib/report.mjs';
import { shelf } from './lib/shelf.mjs';
import { suite } from './lib/suite.mjs';
import { Visit } from './lib/visit.mjs';

const { shared, visit } = suite('cpu');
const cpu = { query: 'device=cpu' };

/** Of each panel with long work: its start, its stop, and what shows that something was found. */
const WORK = {
  evaluate: ['evaluate-start', 'evaluate-stop', 'evaluate-row'],
  compare: ['compare-start', 'compare-cancel', 'compare-multiple'],
  search: ['search-start', 'search-cancel', 'search-row'],
  landscape: ['landscape-start', 'landscape-cancel', 'path'],
  diagnose: ['gradient-start', 'diagnose-stop', 'gradient-row'],
};

/** Presses buttons in one go, before the page can say anything to the first. */
const pressAll = (visit, ...names) => visit.page.evaluate((names) => {
  for (const name of names) document.querySelector(`[data-testid="${name}"]`).click();
}, names);

const idle = (visit, [start, stop]) => until(`${start} can be pressed again`, async () =>
  (await visit.part(stop).isDisabled()) && (await visit.part(start).isEnabled()), 60);

const hasFound = (visit, [, , sign], seconds = 60) => until(`${sign} is there`, async () => (await visit.part(sign).count()) > 0, seconds);

/** Words that no visitor should read. */
async function noNonsense(visit, where) {
  const text = await visit.page.locator('main').innerText();
  for (const word of ['NaN', 'Infinity', 'undefined', 'null', '[object']) assert.ok(!text.includes(word), `${where}: the page says ${word}`);
  const paths = await visit.page.locator('svg path, svg polyline, svg circle').evaluateAll((all) =>
    all.map((one) => one.outerHTML).filter((html) => /NaN|inf/i.test(html)));
  assert.deepEqual(paths, [], `${where}: lines that go nowhere`);
}

for (const [panel, work] of Object.entries(WORK)) {
  visit(`${panel}: pressed twice, cancelled at once and pressed again, it does its work`, { open: cpu }, async (visit) => {
    await visit.ready();
    await visit.panel(panel);
    const [start, stop] = work;
    await idle(visit, work);
    await pressAll(visit, start, start);
    await pressAll(visit, stop, stop);
    await idle(visit, work);
    await pressAll(visit, start, stop);
    await idle(visit, work);
    await visit.press(start);
    await hasFound(visit, work);
    await pressAll(visit, stop);
    await idle(visit, work);
    await noNonsense(visit, panel);
  });

  visit(`${panel}: another experiment midway puts it away, and it can be asked about that one`, { open: cpu }, async (visit) => {
    await visit.ready();
    await visit.panel(panel);
    const [start] = work;
    await idle(visit, work);
    await visit.press(start);
    await visit.part('task-family').selectOption('harmonic');
    await idle(visit, work);
    await until('nothing of the one before', async () => (await visit.part(work[2]).count()) === 0 || panel === 'diagnose');
    await until('the other run stands', async () => (await visit.metaSteps()) === 0 && visit.part(start).isEnabled(), 60);
    await visit.press(start);
    await hasFound(visit, work);
  });

  test(`${panel}: a worker that breaks midway keeps what was found, and another takes over`, { timeout: 180_000 }, async () => {
    const visit = await Visit.open(shared.browser, shared.site, { ...cpu });
    await visit.ready();
    await visit.panel(panel);
    await idle(visit, work);
    if (panel === 'evaluate') await visit.part('evaluate-tasks').selectOption('4000');
    await visit.press(work[0]);
    await hasFound(visit, work);
    const worker = visit.page.workers().at(-1);
    await worker.evaluate(() => { setTimeout(() => { throw new Error('broken on purpose'); }, 0); });
    const again = visit.page.getByRole('button', { name: 'Restart' });
    await again.waitFor();
    assert.ok((await visit.part(work[2]).count()) > 0, 'what was found is still there');
    assert.ok(await visit.part(work[1]).isDisabled(), 'nothing runs any more');
    await again.click();
    await idle(visit, work);
    await visit.press(work[0]);
    await hasFound(visit, work);
    await visit.context.close();
    const others = visit.faults.filter((fault) => !/broken on purpose/.test(fault));
    assert.deepEqual(others, [], 'nothing else went wrong');
  });
}

/** Meta-trains for a few meta-steps. */
async function train(visit, steps = 20) {
  if ((await visit.metaSteps()) > 0) await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  await visit.press('play');
  await until(`${steps} meta-steps`, async () => (await visit.metaSteps()) >= steps, 60);
  await visit.press('pause');
  await until('it has paused', () => visit.part('play').first().isEnabled());
}

for (const [name, deny] of [
  ['denied', () => {
    const refuse = () => { throw new DOMException('denied', 'SecurityError'); };
    Object.defineProperty(window, 'indexedDB', { get: refuse });
    Object.defineProperty(window, 'localStorage', { get: refuse });
  }],
  ['full', () => {
    const full = () => { throw new DOMException('full', 'QuotaExceededError'); };
    IDBObjectStore.prototype.put = full;
    Storage.prototype.setItem = full;
  }],
]) {
  test(`a page whose storage is ${name} trains, lists its runs and hands them over`, { timeout: 120_000 }, async () => {
    const context = await shared.browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US' });
    await context.addInitScript(deny);
    const visit = new Visit(context, await context.newPage(), shared.site);
    await visit.page.goto(shared.site.url('?device=cpu'));
    await visit.ready();
    await visit.panel('runs');
    await train(visit);
    await until('it is listed', async () => (await visit.part('run-row').count()) === 1);
    const [download] = await Promise.all([visit.page.waitForEvent('download'), visit.press('runs-export')]);
    assert.equal(JSON.parse(readFileSync(await download.path(), 'utf8')).runs.length, 1);
    await visit.part('run-rename').first().fill('kept for now');
    await visit.part('run-rename').first().blur();
    await visit.panel('compare');
    await visit.panel('runs');
    assert.equal(await visit.part('run-rename').first().inputValue(), 'kept for now');
    await visit.end();
  });
}

/** The file of one run that was trained here. */
async function file(visit) {
  await visit.panel('runs');
  await train(visit);
  await until('it is listed', async () => (await visit.part('run-row').count()) === 1);
  const [download] = await Promise.all([visit.page.waitForEvent('download'), visit.press('runs-export')]);
  return JSON.parse(readFileSync(await download.path(), 'utf8'));
}

const give = (visit, content) => visit.part('runs-import').setInputFiles({
  name: 'runs.json', mimeType: 'application/json',
  buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
});

/** So many copies of the first run, each with an id and whatever else is said of it. */
const copies = (runs, count, change = () => ({})) => ({
  ...runs,
  runs: Array.from({ length: count }, (_, place) => ({ ...runs.runs[0], id: `copy-${place}`, begun: 1e12 + place, ...change(place) })),
});

visit('every damaged file of runs is refused in a sentence and changes nothing', { open: cpu }, async (visit) => {
  await visit.ready();
  const runs = await file(visit);
  const [run] = runs.runs;
  const text = JSON.stringify(runs);
  const first = run.curve[0];
  for (const [content, sentence] of [
    ['', /not a file of runs/],
    [text.slice(0, -40), /not a file of runs/],
    ['\u0000\u0001PNG', /not a file of runs/],
    [{ ...runs, kindling_runs: 99 }, /newer/i],
    [{ ...runs, runs: [] }, /no runs/i],
    [copies(runs, 500), /200/],
    [{ ...runs, runs: [{ ...run, id: '' }] }, /1/],
    [{ ...runs, runs: [run, { ...run, id: 'b', curve: [] }] }, /2/],
    [{ ...runs, runs: [{ ...run, curve: [first, first] }] }, /1/],
    [{ ...runs, runs: [{ ...run, experiment: { ...run.experiment, learner: { kind: 'none' } } }] }, /1/],
    [{ ...runs, runs: [{ ...run, seconds: -1 }] }, /1/],
    [{ ...runs, runs: [{ ...run, fingerprint: 'x'.repeat(5000) }] }, /1/],
  ]) {
    // What was said before is neither this answer nor the next.
    const now = await visit.text('runs-imported');
    const [other, said] = [['x', /not a file of runs/], [{ ...runs, kindling_runs: 99 }, /newer/i], [{ ...runs, runs: [] }, /no runs/i]]
      .find(([, said]) => String(said) !== String(sentence) && !said.test(now));
    await give(visit, other);
    await until('it says something else', async () => said.test(await visit.text('runs-imported')));
    await give(visit, content);
    await until(`it says ${sentence}`, async () => sentence.test(await visit.text('runs-imported')));
    assert.equal(await visit.part('run-row').count(), 1);
  }
});

visit('two hundred runs are listed, found, drawn and forgotten in the blink of an eye', { open: { ...cpu, width: 390 } }, async (visit) => {
  await visit.ready();
  const runs = await file(visit);
  await give(visit, copies(runs, 199, (place) => ({ name: `copy${place}` })));
  await until('all are listed', async () => (await visit.part('run-row').count()) === 200);
  for (const place of [0, 1, 2, 3, 4, 5]) await visit.part('run-choose').nth(place).check();
  assert.ok(await visit.part('run-choose').nth(6).isDisabled(), 'six lines are all');
  assert.equal(await visit.part('runs-figure').locator('path.run-line:not(.raw)').count(), 6);
  await visit.part('runs-search').fill('copy17');
  await until('those that hold it', async () => (await visit.part('run-row').count()) === 11);
  await visit.part('runs-search').fill('nothing like it');
  await until('none', async () => (await visit.part('run-row').count()) === 0);
  await visit.part('runs-search').fill('');
  const begun = performance.now();
  await visit.panel('compare');
  await visit.panel('runs');
  await until('all again', async () => (await visit.part('run-row').count()) === 200);
  assert.ok(performance.now() - begun < 5000, `${performance.now() - begun} ms`);
  await until('all are kept', async () => (await shelf(visit, 'runs')).length === 200);
  await visit.page.reload();
  await until('they were kept', async () => (await visit.part('run-row').count()) === 200);
});

const HOSTILE = [
  '<img src=x onerror="window.harmed=1">',
  '"><script>window.harmed=1</script>',
  '=HYPERLINK("http://example.org","x")',
  'W'.repeat(80),
  '\u202Egnorw eht yaw dnuor',
  '{{ name }} %s $1',
];

for (const [theme, width] of [['light', 1280], ['dark', 390], ['light', 320]]) {
  visit(`names of ill will do no harm at ${width} px in the ${theme} theme`, { open: { ...cpu, theme, width } }, async (visit) => {
    await visit.ready();
    const runs = await file(visit);
    await give(visit, copies(runs, HOSTILE.length, (place) => ({ name: HOSTILE[place] })));
    await until('all are listed', async () => (await visit.part('run-row').count()) === HOSTILE.length + 1);
    const shown = await visit.part('run-rename').evaluateAll((all) => all.map((input) => input.value));
    for (const name of HOSTILE) assert.ok(shown.includes(name), name);
    for (let place = 1; place <= HOSTILE.length; place += 1) {
      const box = visit.part('run-choose').nth(place);
      if (await box.isEnabled()) await box.check();
    }
    const legend = await visit.part('runs').locator('.legend').innerText();
    assert.ok(legend.includes(HOSTILE[0]), 'as it was written');
    await clean(visit);
    const take = async (format) => {
      const button = visit.part('runs').locator(`[data-testid="export"][data-format="${format}"]`);
      const [download] = await Promise.all([visit.page.waitForEvent('download'), button.click()]);
      return readFileSync(await download.path(), 'utf8');
    };
    assert.ok((await take('csv')).includes(`"'=HYPERLINK(""http`), 'no spreadsheet carries a name out');
    const parsed = await visit.page.evaluate((text) =>
      new DOMParser().parseFromString(text, 'image/svg+xml').documentElement.nodeName, await take('svg'));
    assert.equal(parsed, 'svg');
    await visit.part('runs').screenshot({ path: reportFile(`runs-hostile-${width}-${theme}.png`) });
    assert.equal(await visit.page.evaluate(() => window.harmed), undefined);
  });
}

visit('a curve with gaps and a run that diverged are drawn as far as they go', { open: cpu }, async (visit) => {
  await visit.ready();
  const runs = await file(visit);
  const curve = (after) => Array.from({ length: 30 }, (_, place) => ({ meta_step: place + 1, before: 2, after: after(place), accuracy: null }));
  await give(visit, copies(runs, 3, (place) => ({
    meta_step: 30, checks: [], evaluation: null,
    curve: curve([(at) => (at % 3 ? 1 : null), () => null, (at) => (at < 9 ? 1 : 1e38)][place]),
  })));
  await until('all are listed', async () => (await visit.part('run-row').count()) === 4);
  for (const place of [0, 1, 2, 3]) await visit.part('run-choose').nth(place).check();
  await visit.part('runs-figure').waitFor();
  await noNonsense(visit, 'runs');
  await visit.press('runs-log');
  await noNonsense(visit, 'runs on a logarithmic axis');
});

test('a learner that runs off is told as one, beside another and in its landscape', { timeout: 180_000 }, async () => {
  const hash = link('sinusoid-maml-5shot', { 'learner.inner_lr': 9, 'learner.eval_lr': 9, 'view.panel': 'compare' });
  const visit = await Visit.open(shared.browser, shared.site, { ...cpu, hash });
  await visit.ready();
  await visit.part('compare-steps').selectOption('100');
  await idle(visit, WORK.compare);
  await visit.press('compare-start');
  await until('it is over', () => visit.part('compare-cancel').isDisabled(), 120);
  assert.ok((await visit.text('compare-caption')).length > 20);
  await noNonsense(visit, 'compare');
  await visit.panel('landscape');
  await idle(visit, WORK.landscape);
  await visit.press('landscape-start');
  await idle(visit, WORK.landscape);
  assert.ok((await visit.text('landscape-caption')).length > 20, 'it says what there is to see');
  await noNonsense(visit, 'landscape');
  await visit.panel('evaluate');
  await visit.press('evaluate-start');
  await hasFound(visit, WORK.evaluate);
  await idle(visit, WORK.evaluate);
  await noNonsense(visit, 'evaluate');
  await visit.end();
});

visit('everything from evaluating to a landscape is done by keyboard alone', { open: cpu }, async (visit) => {
  await visit.ready();
  const reach = async (name) => {
    for (let press = 0; press < 150; press += 1) {
      if ((await visit.page.evaluate(() => document.activeElement.dataset.testid)) === name) return;
      await visit.page.keyboard.press('Tab');
    }
    throw new Error(`Tab never reached ${name}`);
  };
  await visit.part('scrubber').focus();
  await reach('tab-evaluate');
  for (const [panel, work] of [['evaluate', WORK.evaluate], ['compare', WORK.compare], ['landscape', WORK.landscape]]) {
    while ((await visit.page.locator('[role=tab][aria-selected=true]').getAttribute('id')) !== `tab-${panel}`) {
      await visit.page.keyboard.press('ArrowRight');
    }
    await idle(visit, work);
    await reach(work[0]);
    await visit.page.keyboard.press('Enter');
    await hasFound(visit, work);
    await visit.page.locator('[role=tab][aria-selected=true]').focus();
  }
});
