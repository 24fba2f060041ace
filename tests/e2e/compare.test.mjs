// The comparison: learners side by side on the same tasks, in small figures, lines, tables and a sentence.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { characters, classified } from './lib/characters.mjs';
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

/** What the command line finds, with room for its trajectories. */
const compared = (...arguments_) =>
  JSON.parse(execFileSync(commandLine, ['compare', ...arguments_, '--json'], { encoding: 'utf8', maxBuffer: 1 << 28 }));

const near = (ours, theirs, slack, told) => assert.ok(Math.abs(ours - theirs) <= slack, `${told}: ${ours} beside ${theirs}`);

/** Saves the network that stands into a folder, under a name of the test's own. */
async function saved(visit, folder, name) {
  const [download] = await Promise.all([visit.page.waitForEvent('download'), visit.press('weights')]);
  const file = path.join(folder, name);
  await download.saveAs(file);
  return file;
}

const guests = (visit) => visit.part('compare-guest').evaluateAll((all) => all.map((box) => box.value));

async function opened(visit, files) {
  await visit.part('compare-open').setInputFiles(files);
}

/** Takes some meta-steps. */
async function train(visit, steps) {
  const before = await visit.metaSteps();
  for (let step = 1; step <= steps; step += 1) {
    await visit.press('step');
    await until(`meta-step ${before + step}`, async () => (await visit.metaSteps()) >= before + step);
  }
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
  assert.ok((await multiples(visit).first().locator('path.trail').count()) > 1, 'the predictions of the other steps');
  const numbers = await multiples(visit).evaluateAll((all) => all.map((one) => [...one.querySelectorAll('text.tick')].map((text) => text.textContent).join()));
  assert.equal(new Set(numbers).size, 1, 'the same numbers along the axes');
  assert.match(numbers[0], /input x/);
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

visit('a network that was saved stands beside the one that trained on, as on the command line', { open: cpu }, async (visit) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kindling-compare-'));
  await visit.ready();
  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  await train(visit, 3);
  const early = await saved(visit, folder, 'early.safetensors');
  await train(visit, 3);
  const late = await saved(visit, folder, 'late.safetensors');
  await opened(visit, [early]);
  await until('it is here', async () => (await guests(visit)).length === 1);
  await choose(visit, ['own', 'reptile']);
  assert.ok(await visit.part('compare-guest').isChecked(), 'whoever opens a file wants it to take part');
  await visit.part('compare-steps').selectOption('100');
  await visit.press('compare-start');
  await until('three contestants', async () => (await multiples(visit).count()) === 3);
  await finished(visit);
  const names = await multiples(visit).evaluateAll((all) => all.map((one) => one.querySelector('b').textContent));
  const place = names.findIndex((name) => name === 'early.safetensors (MAML, meta-steps: 3)');
  assert.ok(place >= 0, String(names));
  const told = compared(late, early, '--learners', 'reptile', '--meta-steps', '100');
  const theirs = { own: told.entrants[0], reptile: told.entrants[2], 'early.safetensors': told.entrants[1] };
  const order = await multiples(visit).evaluateAll((all) => all.map((one) => one.dataset.contestant));
  (await means(visit)).forEach((cells, step) => cells.forEach(([mean, half], place) => {
    const { loss } = theirs[order[place]].evaluation.steps[step];
    const slack = 10 ** -Math.max(0, Math.min(4, 1 - Math.floor(Math.log10(half)))) + 0.002 * loss.mean;
    near(mean, loss.mean, slack, `${order[place]} after ${step} steps`);
    near(half, loss.ci95, slack, `${order[place]} after ${step} steps, interval`);
  }));
  // It has no curve of meta-training, and the figure of the test tasks has its mark.
  assert.match(await visit.page.locator('.compare [data-export] .legend').first().innerText(), /early\.safetensors/);
  const curves = visit.page.locator('.compare [data-export]').nth(1).locator('.legend');
  assert.doesNotMatch(await curves.innerText(), /early/);
  await clean(visit);
  await visit.part('compare').screenshot({ path: reportFile('compare-guests-1280-light.png') });
});

visit('a file that is no network is refused in a sentence, and who is here stays', { open: cpu }, async (visit) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kindling-compare-'));
  const file = (name, bytes) => {
    writeFileSync(path.join(folder, name), bytes);
    return path.join(folder, name);
  };
  await visit.ready();
  const whole = readFileSync(await saved(visit, folder, 'whole.safetensors'));
  await opened(visit, [file('whole.safetensors', whole)]);
  await until('it is here', async () => (await guests(visit)).length === 1);
  const notice = (pattern) => until(String(pattern), async () => pattern.test(await visit.part('notice').innerText()));
  await opened(visit, [file('text.safetensors', 'no network at all'), file('half.safetensors', whole.subarray(0, whole.length / 2))]);
  await notice(/text\.safetensors is no checkpoint .* half\.safetensors ends too early/s);
  await opened(visit, [file('large.safetensors', Buffer.alloc((32 << 20) + 1))]);
  await notice(/large\.safetensors is larger than 32 MiB/);
  assert.deepEqual(await guests(visit), ['whole.safetensors']);
  // Whole, and yet no network: the worker finds that out, and the run goes on.
  const torn = Buffer.from(whole);
  assert.ok(torn.indexOf('[40,40]') > 0, 'widths of the hidden layers in its experiment');
  torn.write('[41,40]', torn.indexOf('[40,40]'), 'latin1');
  await opened(visit, [file('torn.safetensors', torn)]);
  await until('two are here', async () => (await guests(visit)).length === 2);
  const steps = await visit.metaSteps();
  await visit.press('compare-start');
  await notice(/could not begin: the numbers in torn\.safetensors are not those of its network/);
  assert.equal(await visit.metaSteps(), steps);
  await visit.part('compare-remove').nth(1).click();
  await until('one is here', async () => (await guests(visit)).length === 1);
  // So many that it is not over before it is stopped.
  await visit.part('compare-steps').selectOption('30000');
  await visit.press('compare-start');
  await until('the others are compared', async () => (await multiples(visit).count()) >= 3);
  await visit.press('compare-cancel');
});

visit('names from strangers are one short line, files can be dropped, and a seventh is refused', { open: { ...cpu, width: 390, theme: 'dark' } }, async (visit) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kindling-compare-'));
  await visit.ready();
  const bytes = readFileSync(await saved(visit, folder, 'a.safetensors')).toString('base64');
  const drop = (names) => visit.page.evaluate(([names, text]) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    for (const name of names) transfer.items.add(new File([bytes], name));
    const target = document.querySelector('[data-testid="compare"]');
    for (const type of ['dragover', 'drop']) target.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, [names, bytes]);
  await drop(['\u202egnp.\u0007stensors', `${'x'.repeat(250)}-9.safetensors`, '\u05e8\u05e9\u05ea.safetensors', 'a', 'a']);
  await until('four are here', async () => (await guests(visit)).length === 4);
  await until('who finds no room is told', async () => /a is here and does not take part: 6 take part already/.test(await visit.part('notice').innerText()));
  assert.deepEqual(await guests(visit), ['gnp.stensors', `${'x'.repeat(17)}…${'x'.repeat(8)}-9.safetensors`, '\u05e8\u05e9\u05ea.safetensors', 'a']);
  await drop(['b', 'c', 'd']);
  await until('a refusal', async () => /d was not opened: 6 networks are here already/.test(await visit.part('notice').innerText()));
  assert.equal((await guests(visit)).length, 6);
  await drop(['e', 'f', 'g', 'h', 'i']);
  await until('three are told and two are counted', async () => {
    const told = await visit.part('notice').innerText();
    return /e was not.*f was not.*g was not.*Further files that do not take part: 2\./s.test(told) && !/h was/.test(told);
  });
  await choose(visit, ['own']);
  await visit.part('compare-steps').selectOption('100');
  await visit.press('compare-start');
  await until('contestants', async () => (await multiples(visit).count()) >= 4);
  await finished(visit);
  await clean(visit);
  await visit.part('compare').screenshot({ path: reportFile('compare-guests-390-dark.png') });
});

visit('networks of characters are compared, and wait while the page turns to other tasks', { open: cpu }, async (visit) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kindling-compare-'));
  await characters(visit);
  const file = await saved(visit, folder, 'glyphs.safetensors');
  await opened(visit, [file]);
  await until('it is here', async () => (await guests(visit)).length === 1);
  await choose(visit, ['own']);
  await visit.press('compare-start');
  await until('both', async () => (await multiples(visit).count()) === 2);
  await finished(visit);
  for (const cells of await means(visit)) assert.deepEqual(cells[0], cells[1], 'the same network');
  const told = compared(file, file);
  (await means(visit)).forEach(([[mean]], step) => {
    const { accuracy } = told.entrants[1].evaluation.steps[step];
    near(mean, 100 * accuracy.mean, 1 + 100 * accuracy.ci95 * 0.1, `after ${step} steps`);
  });
  await visit.part('task-family').selectOption('sinusoid');
  await until('it does not fit', () => visit.part('compare-guest').isDisabled());
  assert.match(await visit.part('compare-guest').locator('..').innerText(), /trained on another kind of tasks/);
  await until('the run before is not offered, as it does not fit either', async () => (await visit.part('compare-before').count()) === 0);
  await opened(visit, [file]);
  await until('a refusal', async () => /trained on another kind of tasks/.test(await visit.part('notice').innerText()));
  await visit.part('task-family').selectOption('characters');
  await classified(visit);
  await until('it fits again', () => visit.part('compare-guest').isEnabled());
});

visit('the run that undo would bring back can be added by keyboard', { open: cpu }, async (visit) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kindling-compare-'));
  await visit.ready();
  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  await train(visit, 2);
  await opened(visit, [await saved(visit, folder, 'first.safetensors')]);
  await until('a file is here', async () => (await guests(visit)).join() === 'first.safetensors');
  await visit.press('reset');
  // Before that, the shipped network was the one to bring back.
  await until('the run before', async () => /: 2\)/.test(await visit.text('compare-before')));
  await visit.part('compare-before').focus();
  await visit.page.keyboard.press('Enter');
  const both = 'first.safetensors,kindling-2.safetensors';
  await until('both are here', async () => (await guests(visit)).join() === both);
  await visit.page.keyboard.press('Enter');
  assert.equal((await guests(visit)).join(), both, 'the same run is here once');
  // Whoever removes one by keyboard goes on with the next, and with opening others where there is none.
  const focused = () => visit.page.evaluate(() => ({
    part: document.activeElement.dataset.testid,
    name: document.activeElement.closest('li')?.querySelector('input').value,
  }));
  await visit.part('compare-remove').first().focus();
  await visit.page.keyboard.press('Enter');
  await until('the first is gone', async () => (await guests(visit)).join() === 'kindling-2.safetensors');
  assert.deepEqual(await focused(), { part: 'compare-remove', name: 'kindling-2.safetensors' });
  await visit.page.keyboard.press('Enter');
  await until('both are gone', async () => (await guests(visit)).length === 0);
  assert.equal((await focused()).part, 'compare-open');
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
  await started(visit, ['own', 'prototypical'], 30000);
  const drawings = (place) => multiples(visit).nth(place).locator('.taken li').count();
  // They look at the task one after another.
  await until('drawings of both', async () => (await drawings(0)) > 0 && (await drawings(1)) > 0, 60);
  assert.equal(await drawings(0), await drawings(1), 'the same drawings');
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
