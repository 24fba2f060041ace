// Taking figures along: pictures that stand by themselves, tables that say what the page says, networks.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { until } from './lib/poll.mjs';
import { suite } from './lib/suite.mjs';

const { visit } = suite('cpu');
const cpu = { query: 'device=cpu' };

async function downloaded(visit, press) {
  const [download] = await Promise.all([visit.page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Presses one of the three buttons of the figures in `within`. */
const take = (visit, within, format) =>
  downloaded(visit, () => visit.page.locator(within).locator(`[data-testid="export"][data-format="${format}"]`).first().click());

/** What a browser makes of an SVG alone: its size, and how many paths are drawn. */
const parsed = (visit, text) => visit.page.evaluate((text) => {
  const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  const paths = [...root.querySelectorAll('path')].filter((path) => path.getAttribute('d'));
  return { name: root.nodeName, width: Number(root.getAttribute('width')), height: Number(root.getAttribute('height')), paths: paths.length };
}, text);

const fields = (line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
const table = (bytes) => bytes.toString('utf8').trimEnd().split('\r\n').map(fields);

async function trained(visit) {
  await visit.ready();
  await visit.adapted();
  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
  await visit.press('play');
  await until('20 meta-steps', async () => (await visit.metaSteps()) >= 20, 60);
  await visit.press('pause');
  await until('it has paused', () => visit.part('play').first().isEnabled());
}

for (const theme of ['light', 'dark']) {
  visit(`every picture parses, holds its lines, and needs no style sheet in the ${theme} theme`, { open: { ...cpu, theme } }, async (visit) => {
    await trained(visit);
    for (const within of ['.panel.adaptation', '.panel.training']) {
      const { name, bytes } = await take(visit, within, 'svg');
      assert.match(name, /^kindling-[a-z-]+\.svg$/);
      const text = bytes.toString('utf8');
      assert.ok(!text.includes('var(--') && !text.includes('class='), within);
      assert.match(text, /font-family/);
      const { name: root, paths } = await parsed(visit, text);
      assert.deepEqual([root, paths > 1], ['svg', true], `${within}: ${paths} paths`);
    }
  });
}

visit('a PNG is the picture drawn twice as large', { open: cpu }, async (visit) => {
  await trained(visit);
  const svg = await parsed(visit, (await take(visit, '.panel.training', 'svg')).bytes.toString('utf8'));
  const { bytes } = await take(visit, '.panel.training', 'png');
  assert.equal(bytes.toString('latin1', 1, 4), 'PNG');
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [2 * svg.width, 2 * svg.height]);
  assert.ok(bytes.length > 3000, 'it is not blank');
});

visit('a CSV says what the table says', { open: cpu }, async (visit) => {
  await trained(visit);
  await until('it can be evaluated', () => visit.part('evaluate-start').isEnabled());
  await visit.press('evaluate-start');
  await until('it is done', async () => (await visit.part('evaluate-row').first().getAttribute('data-finished')) === 'true', 90);
  const { name, bytes } = await take(visit, '.panel.evaluate', 'csv');
  assert.equal(name, 'kindling-evaluation.csv');
  const shown = await visit.page.locator('.panel.evaluate [data-rows] tr').evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.innerText.trim().replace(/\s+/g, ' '))));
  assert.deepEqual(table(bytes), shown);
});

visit('the curve and the inner steps are taken along with all their digits', { open: cpu }, async (visit) => {
  await trained(visit);
  const curve = table((await take(visit, '.panel.training', 'csv')).bytes);
  assert.deepEqual(curve[0].slice(0, 3), ['meta_step', 'loss_before', 'loss_after']);
  assert.equal(Number(curve.at(-1)[0]), await visit.metaSteps());
  const steps = table((await downloaded(visit, () => visit.page.locator('.strip + .export [data-format="csv"]').click())).bytes);
  const { last, shown } = { last: Number(await visit.part('scrubber').getAttribute('max')), shown: steps.slice(1).map(([step]) => Number(step)) };
  assert.deepEqual(shown, Array.from({ length: last + 1 }, (_, step) => step));
});

visit('the network is saved as safetensors with its experiment', { open: cpu }, async (visit) => {
  await trained(visit);
  const { name, bytes } = await downloaded(visit, () => visit.press('weights'));
  assert.equal(name, `kindling-${await visit.metaSteps()}.safetensors`);
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE(0))));
  assert.ok(Object.keys(header).length > 1 && header.__metadata__, Object.keys(header).join(' '));
});
