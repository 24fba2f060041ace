// Pretrained baselines on a visitor's drawings, and a learner that reads descriptions and takes no drawing.
import assert from 'node:assert/strict';
import { characters, classified, step } from './lib/characters.mjs';
import { BAR, CROSS, RING, draw, drawClass } from './lib/pad.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');
const cpu = { query: 'device=cpu' };

const option = (visit, value) => visit.part('dataset').locator(`option[value="${value}"]`);

for (const learner of ['pretrained', 'linear_probe', 'nearest_centroid']) {
  visit(`${learner} learns from drawn classes, and begins at a guess`, { open: cpu }, async (visit) => {
    await characters(visit);
    await visit.part('learner').selectOption(learner);
    await visit.part('dataset').selectOption('drawn');
    await visit.part('draw-pad').waitFor();
    for (const [index, shape] of [CROSS, RING, BAR].entries()) await drawClass(visit, index, shape);
    await visit.part('draw-query').click();
    await draw(visit, RING);
    // The answer plays by itself; a key before it would not stop that.
    await until('an answer', async () => /taken for/.test(await visit.text('prediction')), 60);
    await step(visit, 'Home');
    await until('a guess among three', async () => /33\s%/.test(await visit.text('prediction')), 30);
    await step(visit, 'End');
    await until('more than a guess', async () => !/33\s%/.test(await visit.text('prediction')), 30);
  });
}

visit('who reads descriptions is offered made-up characters alone, and says why', { open: cpu }, async (visit) => {
  await characters(visit);
  await visit.part('dataset').selectOption('drawn');
  await visit.part('draw-pad').waitFor();
  await visit.part('learner').selectOption('zero_shot');
  await classified(visit);
  assert.equal(await visit.part('draw-pad').count(), 0, 'no pad');
  assert.equal(await visit.part('dataset').inputValue(), 'procedural');
  assert.ok(await option(visit, 'drawn').isDisabled());
  assert.ok(await option(visit, 'imported').isDisabled());
  assert.match(await visit.page.locator('#dataset-help').innerText(), /how a character is written/);
  assert.match(await visit.page.locator('#support-title').innerText(), /not these drawings/);
  await visit.part('learner').selectOption('maml');
  await visit.part('draw-pad').waitFor();
});
