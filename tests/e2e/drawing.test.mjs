// A visitor's own hand: three classes, a query, and the network's answer.
import assert from 'node:assert/strict';
import { characters, step, trained } from './lib/characters.mjs';
import { BAR, CROSS, RING, draw, drawClass, shaky, touch } from './lib/pad.mjs';
import { picture } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');
const cpu = { query: 'device=cpu' };

async function pad(visit) {
  await characters(visit);
  await visit.part('dataset').selectOption('drawn');
  await visit.part('draw-pad').waitFor();
}

/** How many drawings each class has. */
const counts = (visit) => visit.part('draw-class').locator('.of').allInnerTexts().then((texts) => texts.map(Number));

const answer = (visit) => visit.text('prediction').then((text) => /taken for ([A-T])/.exec(text)?.[1]);

async function classify(visit, hand) {
  for (const [index, shape] of [CROSS, RING, BAR].entries()) await drawClass(visit, index, shape, hand);
  for (const [letter, shape] of [['B', RING], ['A', CROSS], ['C', BAR]]) {
    await visit.part('draw-query').click();
    await hand(visit, shaky(shape));
    await step(visit, 'End');
    await until(`class ${letter}`, async () => (await answer(visit)) === letter, 20);
  }
}

visit('three drawn classes and a query are told apart', { open: cpu, timeout: 400_000 }, async (visit) => {
  await characters(visit);
  await trained(visit);
  await pad(visit);
  await classify(visit, draw);
  assert.match(await visit.text('prediction'), /\d+\s%/);
  await picture(visit, 'drawing-1280-light');
});

visit('they are on a phone as well, by finger', { open: { ...cpu, width: 390, theme: 'dark' }, timeout: 400_000 }, async (visit) => {
  await characters(visit);
  await trained(visit);
  await pad(visit);
  await classify(visit, touch);
  await picture(visit, 'drawing-390-dark');
});

visit('the keyboard draws, and says what it does', { open: cpu }, async (visit) => {
  await pad(visit);
  await visit.part('draw-pad').focus();
  const { keyboard } = visit.page;
  await keyboard.press('Space');
  for (let press = 0; press < 8; press += 1) await keyboard.press('ArrowDown');
  await keyboard.press('Escape');
  await until('one drawing', async () => (await counts(visit))[0] === 1);
  const told = await visit.page.locator('.paper-holder [aria-live]').innerText();
  assert.match(told, /Pen lifted at column \d+, row \d+/);
});

visit('undo takes back strokes and even clearing everything', { open: cpu }, async (visit) => {
  await pad(visit);
  await drawClass(visit, 0, CROSS);
  await drawClass(visit, 1, RING);
  const two = async () => (await counts(visit)).slice(0, 2);
  assert.deepEqual(await two(), [1, 1]);
  await visit.press('draw-clear-all');
  assert.deepEqual(await two(), [0, 0]);
  await visit.press('draw-undo');
  assert.deepEqual(await two(), [1, 1]);
  await visit.press('draw-undo');
  assert.deepEqual(await two(), [1, 0]);
});

visit('what is still missing is said, and drawings outlive the visit', { open: cpu }, async (visit) => {
  await pad(visit);
  await drawClass(visit, 0, CROSS);
  assert.match(await visit.page.locator('.pad-help').innerText(), /two classes/);
  await drawClass(visit, 1, RING);
  assert.match(await visit.page.locator('.pad-help').innerText(), /To classify/);
  await visit.page.reload();
  await pad(visit);
  assert.deepEqual((await counts(visit)).slice(0, 2), [1, 1]);
  await visit.part('task-family').selectOption('sinusoid');
  await visit.part('task-family').selectOption('characters');
  assert.deepEqual((await counts(visit)).slice(0, 2), [1, 1], 'nor are they lost with another family');
});
