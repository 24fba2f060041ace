// The landscape of weights: paths of tasks and the loss around their start, drawn, cancelled, and chosen from.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { characters } from './lib/characters.mjs';
import { clean } from './lib/clean.mjs';
import { commandLine } from './lib/link.mjs';
import { picture, reportFile } from './lib/report.mjs';
import { repository } from './lib/site.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu', 'landscape');
const cpu = { query: 'device=cpu' };

const paths = (visit) => visit.part('path');

async function started(visit) {
  await until('it can start', () => visit.part('landscape-start').isEnabled());
  await visit.press('landscape-start');
}

/** Waits until it is drawn to the end. */
async function drawn(visit) {
  await until('it is drawn', async () =>
    (await visit.part('surface-figure').count()) === 1 && (await visit.part('landscape-start').isEnabled()), 60);
}

async function whole(visit) {
  await started(visit);
  await drawn(visit);
}

visit('paths, arrows and a surface are drawn, and a sentence says how far apart the paths end', { open: cpu }, async (visit, t) => {
  await visit.ready();
  await whole(visit);
  assert.equal(await paths(visit).count(), 13);
  assert.deepEqual((await visit.part('paths-figure').locator('.arrow text').allTextContents()).sort(), ['FOMAML', 'MAML', 'Reptile']);
  assert.equal(await visit.part('paths-figure').locator('.walk.current').count(), 1, 'the task on show stands out');
  const caption = await visit.text('landscape-caption');
  t.diagnostic(caption);
  assert.match(caption, /end \d\.\d times as far from each other as from the start: .+\. The plane holds \d+/);
  assert.ok((await visit.part('surface-figure').locator('path.contour').count()) >= 4, 'contour lines');
  assert.match(await visit.text('surface-of'), /support set at 33 × 33 points/);
  await picture(visit, 'landscape-1280-light');
});

/** The numbers of a table's cells, a row a line; of a share in per cent, the share. */
async function figures(visit, table) {
  const texts = await visit.part(table).locator('tbody tr').evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((td) => td.textContent)));
  return texts.map((cells) => cells.map((text) => Number.parseFloat(text.replace('−', '-').replace(/^<\s*/, '')) / (text.includes('%') ? 100 : 1)));
}

visit('the tables say what the command line says of the same network', { open: cpu }, async (visit) => {
  await visit.ready();
  await whole(visit);
  const file = path.join(repository, 'www/checkpoints/sinusoid-maml-5shot.safetensors');
  const told = JSON.parse(execFileSync(commandLine, ['landscape', file, '--tasks', '12', '--grid', '33', '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 }));
  const rows = await figures(visit, 'paths-table');
  assert.equal(rows.length, told.paths.length + told.arrows.length);
  // What the page rounds away, and what native and wasm arithmetic round apart.
  const near = (shown, value, scale, what) => assert.ok(Math.abs(shown - value) <= 0.006 * scale + 0.0006, `${what}: ${shown} beside ${value}`);
  told.paths.forEach(({ at, distance, inside }, place) => {
    const [far, share, x, y] = rows[place];
    near(far, distance.at(-1), told.reach, `path ${place}, distance`);
    near(share, inside, 1, `path ${place}, in the plane`);
    near(x, at.at(-1)[0], told.reach, `path ${place}, first coordinate`);
    near(y, at.at(-1)[1], told.reach, `path ${place}, second coordinate`);
  });
  told.arrows.forEach(({ at, norm, inside }, place) => {
    const [long, share, x, y] = rows[told.paths.length + place];
    for (const [shown, value] of [[long, norm], [x, at[0]], [y, at[1]]]) near(shown, value, norm, `arrow ${place}`);
    near(share, inside, 1, `arrow ${place}, in the plane`);
  });
  const { side, support, query } = told.surface;
  const every = (side - 1) / 8;
  for (const [set, losses] of [['support', support], ['query', query]]) {
    await visit.part('landscape-set').selectOption(set);
    await until(`the losses of the ${set} set`, async () => {
      const cells = await figures(visit, 'surface-table');
      // The highest coordinate is on top.
      return cells.every((row, down) => row.every((loss, across) => {
        const value = losses[(8 - down) * every * side + across * every];
        return Math.abs(loss - value) <= 0.02 * Math.abs(value) + 0.002;
      }));
    });
  }
});

visit('the losses of the other set, the tables, and the scrubber’s step', { open: cpu }, async (visit) => {
  await visit.ready();
  await whole(visit);
  await visit.part('landscape').locator('summary').first().click();
  await visit.part('landscape').locator('summary').last().click();
  assert.equal(await visit.part('paths-table').locator('tbody tr').count(), 16);
  const middle = () => visit.part('surface-table').locator('tbody tr').nth(4).locator('td').nth(4).innerText();
  const support = await middle();
  assert.equal(await visit.part('surface-table').locator('td').count(), 81);
  await visit.part('landscape-set').selectOption('query');
  await until('other numbers', async () => (await middle()) !== support);
  const place = () => visit.part('paths-figure').locator('.walk.current .here').evaluate((mark) => `${mark.getAttribute('cx')} ${mark.getAttribute('cy')}`);
  await visit.part('scrubber').fill('0');
  await until('the start', async () => (await place()) === (await visit.part('paths-figure').locator('.start')
    .evaluate((mark) => `${mark.getAttribute('cx')} ${mark.getAttribute('cy')}`)));
  const before = await place();
  await visit.part('scrubber').fill('1');
  await until('the mark moves', async () => (await place()) !== before);
});

visit('a path names its task and shows it, by keyboard, and another plane is drawn at once', { open: cpu }, async (visit) => {
  await visit.ready();
  await whole(visit);
  const other = visit.page.locator('[data-testid="path"][data-index="5"]');
  await other.focus();
  assert.match(await visit.text('path-name'), /^Task 5: ends \d/);
  await visit.page.keyboard.press('Enter');
  await until('it is on show', async () => (await other.getAttribute('aria-pressed')) === 'true');
  assert.equal(await paths(visit).count(), 13, 'the landscape stays');
  await until('it is drawn around that task by itself', async () =>
    (await visit.part('surface-of').count()) === 1 && /^Task 5,/.test(await visit.text('surface-of')), 60);
  await drawn(visit);
  assert.equal(await visit.page.evaluate(() => document.activeElement.getAttribute('data-index')), '5', 'the focus stays on its path');
  const third = visit.page.locator('[data-testid="path"][data-index="3"]');
  await third.focus();
  await visit.page.keyboard.press('Space');
  await until('the space bar does so too', async () => (await third.getAttribute('aria-pressed')) === 'true');
  const caption = await visit.text('landscape-caption');
  await visit.part('landscape-plane').selectOption('random');
  await until('another sentence', async () => {
    const now = await visit.text('landscape-caption');
    return now !== caption && /random directions/.test(now);
  }, 60);
  await drawn(visit);
});

visit('what is cancelled keeps what is known, and training goes on meanwhile', { open: cpu }, async (visit) => {
  await visit.ready();
  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  await visit.press('play');
  await until('it trains', async () => (await visit.metaSteps()) > 3);
  await started(visit);
  const steps = await visit.metaSteps();
  await until('paths', async () => (await paths(visit).count()) > 0, 60);
  await until('it trains on', async () => (await visit.metaSteps()) > steps);
  // It may be over before the button is reached.
  await visit.part('landscape-cancel').evaluate((button) => button.click());
  await until('nothing runs', () => visit.part('landscape-cancel').isDisabled());
  assert.equal(await paths(visit).count(), 13);
});

visit('characters have a landscape too, and another run puts the one before away', { open: cpu }, async (visit) => {
  await visit.ready();
  await whole(visit);
  await characters(visit);
  await until('it is put away', async () => (await paths(visit).count()) === 0);
  await started(visit);
  await until('paths of characters', async () => (await paths(visit).count()) > 0, 120);
  // It may be over before the button is reached.
  await visit.part('landscape-cancel').evaluate((button) => button.click());
  await until('nothing runs', () => visit.part('landscape-cancel').isDisabled());
});

visit('it can be asked by keyboard, in Chinese', { open: { ...cpu, locale: 'zh-CN' } }, async (visit) => {
  await visit.ready();
  await until('it can start', () => visit.part('landscape-start').isEnabled());
  await visit.part('landscape-start').focus();
  await visit.page.keyboard.press('Enter');
  await drawn(visit);
  assert.match(await visit.text('landscape-caption'), /^平均而言，.+倍：.+。这个平面包含/);
});

for (const [theme, width] of [['light', 1280], ['dark', 390]]) {
  visit(`the panel is clean for axe and stays within ${width} px in the ${theme} theme`, { open: { ...cpu, theme, width } }, async (visit) => {
    await visit.ready();
    await whole(visit);
    await clean(visit);
    await visit.part('landscape').screenshot({ path: reportFile(`landscape-${width}-${theme}.png`) });
  });
}
