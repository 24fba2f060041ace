// The panels below the adaptation: one at a time behind tabs, by mouse, keyboard and link, and what goes on behind them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { characters } from './lib/characters.mjs';
import { clean } from './lib/clean.mjs';
import { experimentOf, link } from './lib/link.mjs';
import { until } from './lib/poll.mjs';
import { picture } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { Visit } from './lib/visit.mjs';

const { shared, visit } = suite('cpu');
const cpu = { query: 'device=cpu' };

const PANELS = ['evaluate', 'compare', 'search', 'landscape', 'diagnose', 'runs', 'layers', 'anatomy'];
const hashOf = (visit) => new URL(visit.page.url()).hash;
const tabs = (visit) => visit.page.getByRole('tab');
const chosen = (visit) => visit.page.locator('[role=tab][aria-selected=true]').evaluateAll((all) => all.map((tab) => tab.id));
const focused = (visit) => visit.page.evaluate(() => document.activeElement.id);
const present = async (visit) => {
  const counts = await Promise.all(PANELS.map((name) => visit.part(name).count()));
  return PANELS.filter((_, place) => counts[place] > 0);
};

visit('one panel is open at a time, and its title is a question', { open: cpu }, async (visit) => {
  await visit.ready();
  assert.deepEqual(await tabs(visit).evaluateAll((all) => all.map((tab) => tab.id)), PANELS.map((name) => `tab-${name}`));
  for (const name of PANELS) {
    await visit.panel(name);
    assert.deepEqual(await present(visit), [name]);
    assert.deepEqual(await chosen(visit), [`tab-${name}`]);
    assert.match(await visit.part(name).locator('h2').first().innerText(), /\?$/);
    const panel = visit.page.getByRole('tabpanel');
    assert.equal(await panel.getAttribute('aria-labelledby'), `tab-${name}`);
    assert.equal(await visit.part(`tab-${name}`).getAttribute('aria-controls'), await panel.getAttribute('id'));
  }
});

visit('arrows, Home and End open panels, and Tab leaves the tabs for the panel', { open: cpu }, async (visit) => {
  await visit.ready();
  // A chosen step ends the introduction, which would move the scrubber by itself.
  await visit.part('scrubber').fill('2');
  await visit.part('tab-evaluate').focus();
  const after = async (key) => {
    await visit.page.keyboard.press(key);
    const [one] = await chosen(visit);
    assert.equal(await focused(visit), one, `${key}: the focus goes along`);
    return one;
  };
  assert.equal(await after('ArrowRight'), 'tab-compare');
  assert.equal(await after('End'), 'tab-anatomy');
  assert.equal(await after('ArrowRight'), 'tab-evaluate');
  assert.equal(await after('ArrowLeft'), 'tab-anatomy');
  assert.equal(await after('Home'), 'tab-evaluate');
  await after('ArrowRight');
  assert.equal(await visit.part('scrubber').inputValue(), '2', 'the scrubber keeps still');
  await visit.page.keyboard.press('Tab');
  assert.equal(await focused(visit), 'open-panel', 'one Tab for all tabs');
});

visit('the address names the panel that is open, and so does a link from the command line', { open: cpu }, async (visit) => {
  await visit.ready();
  const first = hashOf(visit);
  await visit.panel('landscape');
  await until('another link', () => hashOf(visit) !== first);
  assert.equal(experimentOf(hashOf(visit)).view.panel, 'landscape');
  await visit.page.reload();
  await until('it is open again', async () => (await present(visit))[0] === 'landscape');
  await characters(visit);
  assert.deepEqual(await present(visit), ['landscape'], 'another family leaves it open');
});

test('a teacher’s link opens the panel that she meant, and a hidden one has no tab', { timeout: 120_000 }, async () => {
  for (const [fields, open, count] of [
    [{ 'view.panel': 'diagnose' }, 'diagnose', PANELS.length],
    [{ 'view.panel': 'search', 'view.hide': 'hyperparameters' }, 'evaluate', PANELS.length - 1],
  ]) {
    const visit = await Visit.open(shared.browser, shared.site, { ...cpu, hash: link('sinusoid-maml-5shot', fields) });
    await visit.ready();
    assert.deepEqual(await present(visit), [open]);
    assert.equal(await tabs(visit).count(), count);
    assert.equal(await visit.part('tab-search').count(), count - PANELS.length + 1);
    await visit.end();
  }
});

// A hundred inner steps of 4000 tasks take far longer than turning to another panel does.
const long = link('sinusoid-maml-5shot', { 'learner.eval_steps': 100 });
visit('what runs goes on behind its tab, which tells how far it is', { open: { ...cpu, hash: long } }, async (visit) => {
  await visit.ready();
  await visit.part('evaluate-tasks').selectOption('4000');
  await until('it can start', () => visit.part('evaluate-start').isEnabled());
  await visit.press('evaluate-start');
  await visit.panel('runs');
  const share = async () => Number(/(\d+)\s?%/.exec(await visit.text('tab-evaluate'))?.[1] ?? 'NaN');
  const first = await until('a share', async () => (await share()) >= 0 && (await share()) + 1);
  assert.match(await visit.part('tab-evaluate').textContent(), /under way/);
  await until('it is further, or over', async () => !((await share()) < first), 120);
  await until('it is over', async () => Number.isNaN(await share()), 120);
  await visit.panel('evaluate');
  assert.match(await visit.part('evaluate-row').first().innerText(), /4000 tasks, meta-step/);
});

visit('a panel is as it was left when it is opened again', { open: cpu }, async (visit) => {
  await visit.ready();
  await visit.panel('landscape');
  await until('it can start', () => visit.part('landscape-start').isEnabled());
  await visit.press('landscape-start');
  await until('it is drawn', async () =>
    (await visit.part('surface-figure').count()) === 1 && (await visit.part('landscape-start').isEnabled()), 60);
  await visit.part('landscape-set').selectOption('query');
  await visit.part('landscape').locator('summary').last().click();
  const caption = await visit.text('landscape-caption');
  await visit.panel('compare');
  await visit.panel('landscape');
  assert.equal(await visit.text('landscape-caption'), caption);
  assert.equal(await visit.part('landscape-set').inputValue(), 'query');
  assert.ok(await visit.part('surface-table').isVisible(), 'its table is still unfolded');
  assert.ok(await visit.part('paths-table').isHidden());
});

for (const [theme, width] of [['light', 1280], ['dark', 390], ['light', 320]]) {
  visit(`every tab is in sight at ${width} px in the ${theme} theme`, { open: { ...cpu, theme, width } }, async (visit) => {
    await visit.ready();
    for (const name of PANELS) {
      const { x, width: wide } = await visit.part(`tab-${name}`).boundingBox();
      assert.ok(x >= 0 && x + wide <= width, `${name} from ${x} on, ${wide} wide`);
    }
    for (const name of PANELS) {
      await visit.panel(name);
      await clean(visit, name);
    }
    await picture(visit, `panels-${width}-${theme}`);
  });
}
