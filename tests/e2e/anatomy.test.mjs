// One step taken apart: stage by stage, by mouse, by keys and by swipe, with the numbers that the command line prints.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { characters } from './lib/characters.mjs';
import { clean } from './lib/clean.mjs';
import { commandLine, link } from './lib/link.mjs';
import { picture, reportFile } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu', 'anatomy');
const cpu = { query: 'device=cpu' };

/** A start at random, the same on the page and on the command line. */
const SMALL = { 'model.hidden': '8,6', 'learner.eval_steps': 3, 'outer.meta_batch': 4 };

/** Waits until it is taken apart to the last nudge. */
async function whole(visit) {
  await until('it can start', () => visit.part('anatomy-start').isEnabled());
  await visit.press('anatomy-start');
  await taken(visit);
}

async function taken(visit) {
  await until('it is taken apart', async () =>
    (await visit.part('anatomy-walk').count()) === 1 && (await visit.part('anatomy-start').isEnabled()), 120);
}

/** What the command line finds of the same experiment. */
function found(preset, fields) {
  const sets = Object.entries(fields).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
  return JSON.parse(execFileSync(commandLine, ['anatomy', '--preset', preset, ...sets, '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 }));
}

const number = (text) => Number.parseFloat(text.replaceAll('−', '-'));

/** The cells of a table, row by row. */
async function rows(visit, part) {
  return visit.part(part).locator('tbody tr').evaluateAll((all) =>
    all.map((row) => [...row.children].map((cell) => cell.textContent)));
}

function near(text, expected, what) {
  const value = number(text);
  assert.ok(Math.abs(value - expected) <= 2e-3 * Math.max(Math.abs(expected), 1e-7), `${what}: ${text} is not ${expected}`);
}

/** Chooses a stage in the diagram by its name. */
async function stage(visit, name) {
  await visit.part('anatomy-chain').getByRole('button', { name }).click();
  await until(name, async () => (await visit.text('anatomy-stage')) === name);
}

/** Compares the tables of every stage with the numbers of the command line. */
async function compare(visit, anatomy, step) {
  const inner = anatomy.steps[step];
  await stage(visit, 'The support loss, term by term');
  (await rows(visit, 'anatomy-table')).forEach((row, i) => near(row.at(-1), inner.terms[i], `term ${i}`));
  await stage(visit, 'Backward: the gradient');
  const gradients = await rows(visit, 'anatomy-table');
  assert.deepEqual(gradients.map(([name]) => name), anatomy.layers);
  gradients.forEach((row, i) => near(row[1], inner.gradient[i], `gradient of ${row[0]}`));
  await stage(visit, 'The update');
  (await rows(visit, 'anatomy-table')).forEach((row, i) => near(row[2], inner.moved[i], `way of ${row[0]}`));
  const adapting = anatomy.followed.filter(({ steps }) => steps.length > 0);
  for (const [i, [name, , gradient, , next]] of (await rows(visit, 'anatomy-followed')).entries()) {
    assert.equal(name, adapting[i].name);
    near(gradient, adapting[i].steps[step].gradient, `gradient of ${name}`);
    near(next, adapting[i].steps[step].next, name);
  }
  await stage(visit, 'The query set, before and after');
  (await rows(visit, 'anatomy-table')).forEach((row, i) => near(row.at(-1), anatomy.queries[i].terms[1], `query ${i}`));
  await stage(visit, 'Back to the start');
  (await rows(visit, 'anatomy-table')).forEach((row, i) => {
    near(row[2], anatomy.way.steps[step].bent[i], `Hessian term of ${row[0]}`);
    near(row[3], anatomy.way.steps[step].to[i], `adjoint of ${row[0]}`);
  });
  await stage(visit, 'The meta-step');
  (await rows(visit, 'anatomy-table')).forEach((row, i) => near(row[2], anatomy.outer.moved[i], `meta-step of ${row[0]}`));
  await stage(visit, 'A nudge, and what was foretold of it');
  const nudged = anatomy.followed.filter(({ nudge }) => nudge);
  const nudges = await rows(visit, 'anatomy-followed');
  assert.equal(nudges.length, nudged.length);
  nudges.forEach((row, i) => near(row[2], nudged[i].nudge.foretold, `nudge of ${row[0]}`));
}

visit('every stage of a regression has the numbers of the command line', { open: { ...cpu, hash: link('sinusoid-maml-5shot', SMALL) } }, async (visit) => {
  await visit.ready();
  await whole(visit);
  const anatomy = found('sinusoid-maml-5shot', SMALL);
  await visit.part('scrubber').fill('1');
  await compare(visit, anatomy, 0);
  await visit.part('scrubber').fill('3');
  await until('the third step', async () => /step 3 of 3/.test(await visit.text('anatomy-of')));
  await compare(visit, anatomy, 2);
});

// Another width than the shipped network has, so that the page starts at random as the command line does.
const BARE = { 'model.filters': 8, 'outer.meta_batch': 1, 'learner.eval_steps': 1 };
visit('every stage of characters has the numbers of the command line', { timeout: 400_000, open: { ...cpu, hash: link('glyphs-light-maml-5w1s', BARE) } }, async (visit) => {
  await visit.ready();
  await whole(visit);
  await compare(visit, found('glyphs-light-maml-5w1s', BARE), 0);
  await stage(visit, 'The query set, before and after');
  assert.ok((await visit.part('anatomy-drawings').locator('image').count()) >= 5, 'drawings');
  await visit.part('anatomy').screenshot({ path: reportFile('anatomy-characters.png') });
});

visit('next and back lead through the stages, and so do keys, the diagram and a choice of another number', { open: cpu }, async (visit, t) => {
  await visit.ready();
  await whole(visit);
  const marks = await visit.part('anatomy-mark').count();
  assert.equal(marks, 10);
  assert.ok(await visit.part('anatomy-back').isDisabled());
  const titles = new Set([await visit.text('anatomy-stage')]);
  for (let place = 2; place <= marks; place += 1) {
    await visit.press('anatomy-next');
    await until(`stage ${place}`, async () => (await visit.text('anatomy-place')).includes(`${place} of ${marks}`));
    titles.add(await visit.text('anatomy-stage'));
    assert.ok((await visit.text('anatomy-caption')).length > 20, 'each stage says something');
    assert.ok((await rows(visit, (await visit.part('anatomy-table').count()) > 0 ? 'anatomy-table' : 'anatomy-followed')).length > 0, 'and has a table');
  }
  assert.equal(titles.size, marks);
  t.diagnostic(await visit.text('anatomy-caption'));
  assert.ok(await visit.part('anatomy-next').isDisabled());
  await visit.part('anatomy-walk').focus();
  // The page plays the inner steps once of its own accord.
  await until('the scrubber stands', async () => (await visit.part('scrubber').inputValue()) === (await visit.part('scrubber').getAttribute('max')));
  const scrubber = await visit.part('scrubber').inputValue();
  for (const [key, place] of [['Home', 1], ['ArrowRight', 2], ['End', 10], ['ArrowLeft', 9]]) {
    await visit.page.keyboard.press(key);
    await until(key, async () => (await visit.text('anatomy-place')).includes(`${place} of`));
  }
  assert.equal(await visit.part('scrubber').inputValue(), scrubber, 'keys within the panel are not those of the scrubber');
  await stage(visit, 'The update');
  const formula = await visit.text('anatomy-formulas');
  assert.match(formula, /θ′ = θ − αg = /);
  await visit.part('anatomy-follow').selectOption({ index: 1 });
  await until('another number', async () => (await visit.text('anatomy-formulas')) !== formula);
  await picture(visit, 'anatomy-1280-light');
});

visit('another task on show and another learner are taken apart by themselves', { open: cpu }, async (visit) => {
  await visit.ready();
  await whole(visit);
  const of = await visit.text('anatomy-of');
  await visit.press('new-task');
  await until('another task', async () => (await visit.text('anatomy-of')) !== of && visit.part('anatomy-start').isEnabled(), 120);
  await visit.part('learner').selectOption('anil');
  await until('the numbers of the other learner', async () =>
    (await visit.part('anatomy-walk').count()) === 1 && /after 0 meta-steps/.test(await visit.text('anatomy-of')), 60);
  await stage(visit, 'The update');
  await until('its body stays', async () => /stays as it is.*: layer0 and layer1/.test(await visit.text('anatomy-caption')), 120);
});

visit('a learner without inner gradients has no stage of them', { open: { ...cpu, hash: link('sinusoid-maml-5shot', { 'learner.kind': 'ridge' }) } }, async (visit) => {
  await visit.ready();
  await whole(visit);
  const names = await visit.part('anatomy-mark').evaluateAll((all) => all.map((mark) => mark.getAttribute('aria-label')));
  assert.ok(names.some((name) => /What the support set makes/.test(name)));
  assert.ok(!names.some((name) => /update|Backward/.test(name)), names.join('; '));
});

visit('what is cancelled keeps what is known, and training goes on meanwhile', { open: cpu }, async (visit) => {
  await characters(visit);
  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  await visit.press('play');
  await until('it trains', async () => (await visit.metaSteps()) > 0);
  await until('it can start', () => visit.part('anatomy-start').isEnabled());
  await visit.press('anatomy-start');
  const steps = await visit.metaSteps();
  await until('it trains on', async () => (await visit.metaSteps()) > steps, 60);
  await until('the way there and back', async () => (await visit.part('anatomy-walk').count()) === 1, 120);
  // It may be over before the button is reached.
  await visit.part('anatomy-cancel').evaluate((button) => button.click());
  await until('nothing runs', () => visit.part('anatomy-cancel').isDisabled(), 60);
  assert.equal(await visit.part('anatomy-walk').count(), 1);
});

visit('a swipe leads on, in Chinese, at 390 px', { open: { ...cpu, locale: 'zh-CN', width: 390 } }, async (visit) => {
  await visit.ready();
  await whole(visit);
  const swipe = (from, to) => visit.part('anatomy-caption').evaluate((caption, [from, to]) => {
    const at = (type, clientX) => caption.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerType: 'touch', clientX, clientY: 300 }));
    at('pointerdown', from);
    at('pointerup', to);
  }, [from, to]);
  await swipe(300, 120);
  await until('the second stage', async () => (await visit.text('anatomy-place')).startsWith('第 2 阶段'));
  await swipe(120, 300);
  await until('the first again', async () => (await visit.text('anatomy-place')).startsWith('第 1 阶段'));
});

for (const [theme, width] of [['light', 1280], ['dark', 390]]) {
  visit(`every stage is clean for axe and stays within ${width} px in the ${theme} theme`, { open: { ...cpu, theme, width }, timeout: 300_000 }, async (visit) => {
    await visit.ready();
    await whole(visit);
    const marks = await visit.part('anatomy-mark').count();
    for (let place = 1; place <= marks; place += 1) {
      await clean(visit, `stage ${place}`);
      await visit.part('anatomy').screenshot({ path: reportFile(`anatomy-${place}-${width}-${theme}.png`) });
      if (place < marks) await visit.press('anatomy-next');
    }
  });
}
