// A conditional neural process: each step of the slider is one support point more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { link } from './lib/link.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';
import { Visit } from './lib/visit.mjs';

const { shared } = suite('cpu');

test('a neural process sees one point after another and shows how sure it is', { timeout: 180_000 }, async () => {
  const visit = await Visit.open(shared.browser, shared.site, { hash: link('sinusoid-cnp') });
  await visit.ready();
  await visit.adapted();
  const figure = visit.part('adaptation-figure').first();
  const ahead = () => figure.locator('.support.ahead').count();
  const band = () => figure.getByTestId('band').getAttribute('d');
  await visit.part('scrubber').first().focus();
  await visit.page.keyboard.press('Home');
  await until('no point is seen', async () => (await visit.number('inner-step')) === 0 && (await ahead()) === 10);
  const unsure = await band();
  assert.match(unsure, /^M.+Z$/);
  for (let press = 0; press < 3; press += 1) await visit.page.keyboard.press('ArrowRight');
  await until('three are', async () => (await visit.number('inner-step')) === 3 && (await ahead()) === 7);
  assert.notEqual(await band(), unsure);
  await visit.page.keyboard.press('End');
  await until('all are', async () => (await visit.number('inner-step')) === 10 && (await ahead()) === 0);
  // The visitor's own point is one more.
  const box = await figure.locator('svg').first().boundingBox();
  await visit.page.mouse.click(box.x + box.width * 0.52, box.y + box.height * 0.2);
  await until('there are eleven', async () => (await figure.locator('[data-testid="support-point"]').count()) === 11);
  await until('and eleven steps', async () => (await visit.part('scrubber').first().getAttribute('max')) === '11');
  await visit.end();
});
