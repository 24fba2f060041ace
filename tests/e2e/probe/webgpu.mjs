// Meta-trains presets in the built page on both device paths, and lays the curves beside each other: is WebGPU right?
//
//     cargo xtask dist && node tests/e2e/probe/webgpu.mjs [META_STEPS [PRESET …]]
//
// Chromium's WebGPU is SwiftShader here, which takes seconds to minutes a meta-step. A line a preset: the loss after adaptation
// at the first and the last meta-step, and how far the two devices are apart. Ends with 1 where that is more than FAR.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { launch } from '../lib/browser.mjs';
import { commandLine, link } from '../lib/link.mjs';
import { until } from '../lib/poll.mjs';
import { serveSite } from '../lib/site.mjs';
import { Visit } from '../lib/visit.mjs';

const FAR = 1e-3;
const START_SECONDS = 240;
const STEP_SECONDS = 600;

const [metaSteps = '3', ...named] = process.argv.slice(2);
const wanted = Number(metaSteps);
const all = execFileSync(commandLine, ['presets'], { encoding: 'utf8' }).split('\n').map((line) => line.split(' ')[0]);
const presets = named.length > 0 ? named : all.filter((name) => /^(sinusoid|quadratic|glyphs-light)-/.test(name));
const site = await serveSite();

/** The first rows of the curve, as numbers: meta-step, loss before and after adaptation. */
async function curve(device, preset) {
  const browser = await launch(device);
  try {
    const visit = await Visit.open(browser, site, { query: `device=${device}`, hash: link(preset) });
    await until('play can be pressed', () => visit.part('play').first().isEnabled(), START_SECONDS);
    const badge = new RegExp(`^${device}`, 'i');
    await until(`it runs on ${device}`, async () => badge.test(await visit.text('device-badge')), START_SECONDS);
    // Some presets open with a network that ships with the page.
    await visit.press('reset');
    await until('it starts anew', async () => (await visit.metaSteps()) === 0, START_SECONDS);
    await visit.press('play');
    await until(`${wanted} meta-steps`, async () => (await visit.metaSteps()) >= wanted, STEP_SECONDS * wanted);
    const taken = visit.page.locator('.panel.training [data-testid="export"][data-format="csv"]').first();
    const [download] = await Promise.all([visit.page.waitForEvent('download', { timeout: 1000 * STEP_SECONDS }), taken.click()]);
    const [, ...rows] = readFileSync(await download.path(), 'utf8').trim().split(/\s+/);
    return rows.slice(0, wanted).map((row) => row.split(',').slice(0, 3).map(Number));
  } finally {
    await browser.close();
  }
}

let far = 0;
for (const preset of presets) {
  try {
    const [gpu, cpu] = [await curve('gpu', preset), await curve('cpu', preset)];
    const apart = Math.max(...gpu.flatMap((row, at) => row.map((value, column) => Math.abs(value / cpu[at][column] - 1))));
    // Not a number is far too.
    if (!(apart <= FAR)) far += 1;
    console.log(`${preset}: ${gpu[0][2]} at 1, ${gpu.at(-1)[2]} at ${gpu.at(-1)[0]}; at most ${apart.toExponential(1)} apart`);
  } catch (error) {
    far += 1;
    console.log(`${preset}: ${error.message}`);
  }
}
await site.close();
if (far > 0) process.exit(1);
