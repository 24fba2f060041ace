// What axe can find by itself, in both themes, on a desk and on a phone; and a picture of each.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { picture } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function findings(visit) {
  await visit.page.evaluate(axe);
  const { violations } = await visit.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join('\n  ')}`);
}

for (const theme of ['light', 'dark']) {
  for (const width of [1280, 390]) {
    visit(`axe reports nothing at ${width} px in the ${theme} theme`, { open: { theme, width } }, async (visit) => {
      await visit.ready();
      await visit.adapted();
      assert.deepEqual(await findings(visit), []);
      await picture(visit, `page-${width}-${theme}`);
    });
  }
}

for (const width of [390, 320]) {
  visit(`nothing sticks out sideways at ${width} px`, { open: { width } }, async (visit) => {
    await visit.adapted();
    const { inner, content } = await visit.page.evaluate(() => ({
      inner: document.documentElement.clientWidth, content: document.documentElement.scrollWidth,
    }));
    assert.ok(content <= inner, `${content} px of content in ${inner} px`);
  });
}

visit('the page keeps still for a visitor who asks for reduced motion', {}, async (visit) => {
  await visit.page.emulateMedia({ reducedMotion: 'reduce' });
  await visit.page.reload();
  await visit.adapted();
  const moving = () => visit.page.evaluate(() => document.getAnimations().filter((animation) => animation.playState === 'running').length);
  await until('no animation runs', async () => (await moving()) === 0);
});

visit('every control is reached by Tab, and shows that it is', {}, async (visit) => {
  await visit.ready();
  const wanted = new Set(['play', 'step', 'reset', 'learner', 'task-family', 'scrubber', 'new-task']);
  const invisible = [];
  for (let press = 0; press < 120 && wanted.size > 0; press += 1) {
    await visit.page.keyboard.press('Tab');
    const { name, outlined } = await visit.page.evaluate(() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
      return { name: element.dataset.testid ?? '', outlined: outlined || style.boxShadow !== 'none' };
    });
    if (wanted.delete(name) && !outlined) invisible.push(name);
  }
  assert.deepEqual([...wanted], [], 'controls that Tab never reached');
  assert.deepEqual(invisible, [], 'controls whose focus cannot be seen');
});
