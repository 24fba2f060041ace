// What axe can find by itself, in both themes, on a desk and on a phone; and a picture of each.
import assert from 'node:assert/strict';
import { characters } from './lib/characters.mjs';
import { findings, fits } from './lib/clean.mjs';
import { CROSS, drawClass } from './lib/pad.mjs';
import { picture } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');

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

for (const [theme, width] of [['light', 1280], ['dark', 390]]) {
  visit(`axe reports nothing about characters at ${width} px in the ${theme} theme`, { open: { theme, width, query: 'device=cpu' } }, async (visit) => {
    await characters(visit);
    assert.deepEqual(await findings(visit), []);
    await visit.part('dataset').selectOption('drawn');
    await drawClass(visit, 0, CROSS);
    assert.deepEqual(await findings(visit), [], 'with the pad');
    await visit.part('dataset').selectOption('imported');
    await visit.part('import').waitFor();
    assert.deepEqual(await findings(visit), [], 'with the import');
  });
}

for (const width of [390, 320]) {
  visit(`nothing sticks out sideways at ${width} px`, { open: { width } }, async (visit) => {
    await visit.adapted();
    await fits(visit);
  });
}

for (const width of [390, 320]) {
  visit(`neither grids nor pad stick out sideways at ${width} px`, { open: { width, query: 'device=cpu' } }, async (visit) => {
    await characters(visit);
    await fits(visit, 'grids');
    await visit.part('dataset').selectOption('drawn');
    await visit.part('draw-pad').waitFor();
    await fits(visit, 'pad');
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

visit('so are those of characters and of the pad', { open: { query: 'device=cpu' } }, async (visit) => {
  await characters(visit);
  await visit.part('dataset').selectOption('drawn');
  const wanted = new Set(['dataset', 'ways', 'shots', 'draw-pad', 'draw-class', 'draw-query', 'draw-next']);
  for (let press = 0; press < 160 && wanted.size > 0; press += 1) {
    await visit.page.keyboard.press('Tab');
    wanted.delete(await visit.page.evaluate(() => document.activeElement.dataset.testid ?? ''));
  }
  assert.deepEqual([...wanted], [], 'controls that Tab never reached');
});
