// Taking figures along: pictures that stand by themselves, tables that say what the page says, networks.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { commandLine, link } from './lib/link.mjs';
import { until } from './lib/poll.mjs';
import { repository } from './lib/site.mjs';
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
  const texts = [...root.querySelectorAll('text')].map((text) => text.textContent);
  const images = root.querySelectorAll('image').length;
  return { name: root.nodeName, width: Number(root.getAttribute('width')), height: Number(root.getAttribute('height')), paths: paths.length, images, texts };
}, text);

/** What the command line prints, on the network that the page ships with. */
const shipped = path.join(repository, 'www/checkpoints/sinusoid-maml-5shot.safetensors');
const told = (...arguments_) => execFileSync(commandLine, arguments_, { encoding: 'utf8', maxBuffer: 1 << 28 });

/** Within half a per cent: what native and wasm arithmetic, and a browser's own sines, round apart. */
const near = (one, other) => Math.abs(one - other) <= 0.005 * Math.abs(other) + 1e-4;

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

visit('a picture has its question, the names of its axes, its legend and its caption within, as the command line’s has', { open: cpu }, async (visit) => {
  await visit.ready();
  await visit.adapted();
  const last = await visit.part('scrubber').getAttribute('max');
  await visit.part('scrubber').fill(last);
  await until('the last step', async () => (await visit.text('inner-step')) === last);
  const { texts } = await parsed(visit, (await take(visit, '.panel.adaptation', 'svg')).bytes.toString('utf8'));
  for (const text of ['How does it adapt to this task?', 'input x', 'target y', 'support points', 'the task']) assert.ok(texts.includes(text), `${text} in ${texts}`);
  const native = await parsed(visit, told('figure', 'adaptation', shipped));
  assert.deepEqual(words(texts), words(native.texts));
});

/** What stands in a picture besides its numbers, which are rounded and may be so apart. */
const words = (texts) => texts.map((text) => text.replace(/\d+\.\d+/g, '#'));

/** The picture of the figure whose table or figure has a name, as SVG, with every text that it should hold. */
async function complete(visit, part, place, file, wanted) {
  const svg = await downloaded(visit, () => visit.part(part).locator('[data-testid="export"][data-format="svg"]').nth(place).click());
  assert.equal(svg.name, `${file}.svg`);
  const text = svg.bytes.toString('utf8');
  assert.ok(!text.includes('var(--') && !text.includes('class='), file);
  const picture = await parsed(visit, text);
  for (const one of wanted) assert.ok(picture.texts.some((text) => text.startsWith(one)), `${one} in ${picture.texts}`);
  assert.match(picture.texts.at(-1), /[.。]$/, 'a caption at the end');
  return picture;
}

visit('the figures of layers have title, axes, legend and caption within, as the command line’s have', { open: cpu }, async (visit) => {
  await visit.ready();
  await visit.panel('layers');
  await until('it can start', () => visit.part('layers-start').isEnabled());
  await visit.press('layers-start');
  await until('it is drawn', async () => (await visit.part('scene-figure').count()) === 1 && (await visit.part('layers-start').isEnabled()), 120);
  const layers = await complete(visit, 'layers', 0, 'kindling-layers', ['What changed: features or head?', 'CKA', 'inner steps', 'Layer 1', 'Head', 'After inner step 10']);
  assert.deepEqual(words(layers.texts), words((await parsed(visit, told('figure', 'layers', shipped, '--step', '10'))).texts));
  await complete(visit, 'layers', 1, 'kindling-examples', ['Where do features put', 'principal axis 1', 'upwards: principal axis 2', 'support set: filled', 'input x', 'Points of the task']);
});

const MATCHING = link('glyphs-light-matching-5w1s', { 'model.filters': 8, 'task.ways': 3, 'task.queries': 3, 'outer.meta_batch': 2, 'budget.meta_steps': 4 });
visit('attention and feature maps are taken along with what their colours mean', { open: { ...cpu, hash: MATCHING, theme: 'dark' } }, async (visit) => {
  await visit.ready();
  await visit.panel('layers');
  await until('it can start', () => visit.part('layers-start').isEnabled(), 60);
  await visit.press('layers-start');
  await until('it is drawn', async () => (await visit.part('maps-figure').locator('image').count()) === 5, 120);
  await complete(visit, 'layers', 1, 'kindling-likeness', ['Which support drawings does each query attend to?', 'attention', 'support set', 'query set', 'On average']);
  const maps = await complete(visit, 'layers', 2, 'kindling-filters', ['What do the filters see?', 'Filters', 'Block 4', 'What 4 blocks make']);
  assert.equal(maps.images, 5, 'filters and four blocks');
  const { bytes } = await downloaded(visit, () => visit.part('layers').locator('[data-testid="export"][data-format="png"]').nth(2).click());
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [2 * maps.width, 2 * maps.height]);
  const [drawn, room] = await visit.part('maps-figure').evaluate((figure) => {
    const boxes = [...figure.querySelectorAll('image')].map((image) => image.getBoundingClientRect());
    return [Math.max(...boxes.map(({ right }) => right)) - Math.min(...boxes.map(({ left }) => left)), figure.getBoundingClientRect().width];
  });
  assert.ok(drawn > 0.97 * room, `${drawn} of ${room} px`);
});

visit('a stage of a step is taken along with the diagram of the whole, as the command line draws it', { open: cpu }, async (visit) => {
  await visit.ready();
  await visit.panel('anatomy');
  await until('it can start', () => visit.part('anatomy-start').isEnabled());
  await visit.press('anatomy-start');
  await until('it is taken apart', async () => (await visit.part('anatomy-walk').count()) === 1 && (await visit.part('anatomy-start').isEnabled()), 120);
  await visit.part('scrubber').fill('2');
  await until('the second step', async () => /step 2 of 10/.test(await visit.text('anatomy-of')));
  for (const [number, stage, wanted] of [[2, 'forward', ['truth', 'prediction', 'residual', 'input x', 'The network answers']], [4, 'gradient', ['‖g‖, gradient', 'Euclidean norm', 'layer0', 'Of the gradient’s squared length']]]) {
    await visit.part('anatomy-mark').nth(number - 1).click();
    await until(stage, async () => (await visit.text('anatomy-place')).includes(`${number} of 10`));
    const { texts } = await complete(visit, 'anatomy', 0, 'kindling-anatomy', ['How does one step work?', `Stage ${number} of 10`, ...wanted]);
    const native = await parsed(visit, told('figure', 'anatomy', shipped, '--stage', stage, '--step', '2'));
    assert.deepEqual(words(texts), words(native.texts));
  }
});

visit('the CSV of inner steps and of an evaluation hold the command line’s numbers', { open: cpu }, async (visit) => {
  await visit.ready();
  await visit.adapted();
  const { trajectory } = JSON.parse(told('trajectory', shipped));
  const steps = table((await downloaded(visit, () => visit.page.locator('.strip + .export [data-format="csv"]').click())).bytes).slice(1);
  assert.equal(steps.length, trajectory.steps.length);
  steps.forEach(([step, support, query, norm]) => {
    const theirs = trajectory.steps[step];
    for (const [ours, of] of [[support, theirs.support_loss], [query, theirs.query_loss], [norm, theirs.gradient_norm]]) assert.ok(near(Number(ours), of), `step ${step}: ${ours} beside ${of}`);
  });
  await visit.part('evaluate-tasks').selectOption('100');
  await until('it can be evaluated', () => visit.part('evaluate-start').isEnabled());
  await visit.press('evaluate-start');
  await until('it is done', async () => (await visit.part('evaluate-row').first().getAttribute('data-finished')) === 'true', 90);
  const { steps: evaluated } = JSON.parse(told('evaluate', shipped, '--tasks', '100', '--json'));
  const [heads, row] = table((await take(visit, '.panel.evaluate', 'csv')).bytes);
  for (const { step, loss } of evaluated) {
    const cell = row[heads.findIndex((head) => new RegExp(`^${step} step`).test(head))];
    if (cell === undefined) continue;
    const [mean, half] = cell.split('±').map((part) => Number(part.trim()));
    const slack = 10 ** -Math.max(0, Math.min(4, 1 - Math.floor(Math.log10(half)))) + 0.005 * loss.mean;
    assert.ok(Math.abs(mean - loss.mean) <= slack && Math.abs(half - loss.ci95) <= slack, `step ${step}: ${cell} beside ${loss.mean} ± ${loss.ci95}`);
  }
});

for (const [panel, start, done, files] of [
  ['landscape', 'landscape-start', 'surface-figure', ['kindling-paths', 'kindling-surface']],
  ['compare', 'compare-start', 'compare-curves', ['kindling-compare-multiples', 'kindling-compare', 'kindling-compare-curves']],
]) {
  visit(`every figure of the panel ${panel} can be taken along, with its numbers`, { open: cpu }, async (visit) => {
    await visit.ready();
    await visit.panel(panel);
    if (panel === 'compare') await visit.part('compare-steps').selectOption('100');
    await until('it can start', () => visit.part(start).isEnabled());
    await visit.press(start);
    await until('it is drawn', async () => (await visit.part(done).count()) === 1 && (await visit.part(start).isEnabled()), 120);
    const buttons = (format) => visit.part(panel).locator(`[data-testid="export"][data-format="${format}"]`);
    assert.equal(await buttons('svg').count(), files.length);
    for (const [place, file] of files.entries()) {
      const svg = await downloaded(visit, () => buttons('svg').nth(place).click());
      assert.equal(svg.name, `${file}.svg`);
      const { paths, texts } = await parsed(visit, svg.bytes.toString('utf8'));
      assert.ok(paths > 3 && texts.length > 10, `${file}: ${paths} paths, ${texts}`);
      const csv = await downloaded(visit, () => buttons('csv').nth(place).click());
      assert.ok(table(csv.bytes).length > 2, csv.bytes.toString('utf8'));
      if (file === 'kindling-surface') assert.equal(table(csv.bytes).length, 33 * 33 + 1, 'every loss');
      if (file !== 'kindling-compare-multiples') continue;
      assert.ok(texts.includes('input x') && texts.includes('other steps'), String(texts));
      const [heads, ...rows] = table(csv.bytes);
      assert.deepEqual(heads, ['contestant', 'kind', 'step', 'x', 'y']);
      const predicted = rows.filter(([, kind]) => kind === 'prediction');
      const shown = await visit.part('compare-multiple').evaluateAll((all) => all.map((one) => one.querySelector('b').textContent.trim().replace(/\s+/g, ' ')));
      assert.deepEqual([...new Set(predicted.map(([name]) => name))], shown);
      assert.ok(new Set(predicted.map(([, , step]) => step)).size > 1, 'every inner step');
    }
  });
}

visit('the experiment is taken along as a program, and ten lines say how weights are read', { open: cpu }, async (visit) => {
  await visit.ready();
  const { name, bytes } = await downloaded(visit, () => visit.press('script'));
  assert.equal(name, `kindling-${await visit.metaSteps()}.py`);
  const program = bytes.toString('utf8');
  const native = told('script', shipped);
  // Its link holds what the page shows besides.
  const bare = (text) => text.replace(/#v1\.\S+/g, '').trimEnd();
  assert.equal(bare(program), bare(native));
  await visit.page.locator('summary', { hasText: 'in Python' }).click();
  assert.match(await visit.text('snippet'), /load_file\("kindling-\d+\.safetensors"\)/);
});

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
