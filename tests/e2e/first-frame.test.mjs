// Nothing to read and nothing to press first: the page opens on a trained network that adapts.
import assert from 'node:assert/strict';
import { picture } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');

visit('the first frame shows a network adapting before anyone trains it', {}, async (visit) => {
  await visit.adapted();
  await visit.part('scrubber').first().focus();
  await visit.page.keyboard.press('Home');
  await until('the scrubber stands at the first step', async () => (await visit.number('inner-step')) === 0);
  const before = await visit.number('query-loss');
  await visit.page.keyboard.press('End');
  await until('the scrubber has left the first step', async () => (await visit.number('inner-step')) > 0);
  const after = await visit.number('query-loss');
  assert.ok(after < before, `adaptation lowers the query loss: ${before} → ${after}`);
  await picture(visit, 'first-frame');
});

visit('the scrubber walks the inner steps by keyboard, one at a time', {}, async (visit) => {
  await visit.adapted();
  await visit.part('scrubber').first().focus();
  await visit.page.keyboard.press('Home');
  await until('step 0', async () => (await visit.number('inner-step')) === 0);
  const losses = [await visit.number('query-loss')];
  for (const step of [1, 2, 3]) {
    await visit.page.keyboard.press('ArrowRight');
    await until(`step ${step}`, async () => (await visit.number('inner-step')) === step);
    losses.push(await visit.number('query-loss'));
  }
  assert.ok(new Set(losses).size > 1, `every step has a loss of its own: ${losses}`);
  await visit.page.keyboard.press('ArrowLeft');
  await until('back at step 2', async () => (await visit.number('inner-step')) === 2);
  assert.equal(await visit.number('query-loss'), losses[2], 'a step shows the same loss on the way back');
});

visit('a new task shows another function', {}, async (visit) => {
  await visit.ready();
  await visit.adapted();
  const drawn = () => visit.part('adaptation-figure').first().innerHTML();
  const before = await drawn();
  await visit.press('new-task');
  await until('another figure', async () => (await drawn()) !== before);
});

visit('every part that tests and readers name is on the page', {}, async (visit) => {
  await visit.ready();
  const names = [
    'play', 'step', 'reset', 'learner', 'task-family', 'device-badge', 'meta-step', 'rate', 'loss-before', 'loss-after',
    'scrubber', 'inner-step', 'query-loss', 'fingerprint', 'new-task', 'adaptation-figure', 'progress', 'notice',
  ];
  const counts = await Promise.all(names.map(async (name) => [name, await visit.part(name).count()]));
  assert.deepEqual(counts.filter(([, count]) => count !== 1), []);
});

visit('everything comes from below the page, from any folder', {}, async (visit, t, { site }) => {
  await visit.ready();
  const outside = visit.requested.filter((url) => !url.startsWith(site.url()) && !/^(blob|data):/.test(url));
  assert.deepEqual(outside, []);
});
