// Which program a visit downloads, and what runs on WebGPU.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { oracle } from './lib/site.mjs';
import { picture } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const downloaded = (visit, kind) => visit.requested.some((url) => new RegExp(`worker-${kind}-\\w+_bg\\.wasm`).test(url));

{
  const { visit } = suite('cpu');
  visit('without a GPU only the CPU worker is downloaded, and the badge says why', {}, async (visit) => {
    await visit.ready();
    assert.ok(downloaded(visit, 'cpu'));
    assert.ok(!downloaded(visit, 'gpu'), 'a visitor without a GPU never pays for WebGPU');
    assert.match(await visit.text('device-badge'), /cpu/i);
  });
}

const { shared, visit } = suite('gpu');

visit('a software adapter counts as no GPU unless asked for', {}, async (visit) => {
  await visit.ready();
  assert.match(await visit.text('device-badge'), /cpu/i);
});

visit('?device=cpu keeps to the CPU worker', { open: { query: 'device=cpu' } }, async (visit) => {
  await visit.ready();
  assert.ok(!downloaded(visit, 'gpu'));
  assert.match(await visit.text('device-badge'), /cpu/i);
});

visit('?device=gpu meta-trains on WebGPU', { open: { query: 'device=gpu' }, timeout: 400_000 }, async (visit, t) => {
  await until('the badge names the GPU', async () => /gpu/i.test(await visit.text('device-badge')), 180);
  assert.ok(downloaded(visit, 'gpu'));
  await visit.press('reset');
  await until('meta-step 0', async () => (await visit.metaSteps()) === 0, 60);
  await visit.press('play');
  await until('some meta-steps', async () => (await visit.metaSteps()) >= 5, 180);
  await visit.press('pause');
  for (const part of ['loss-before', 'loss-after']) assert.ok(Number.isFinite(await visit.number(part)), part);
  t.diagnostic(`on ${await visit.text('device-badge')}: ${await visit.text('meta-step')} meta-steps`);
  await picture(visit, 'gpu-1280-light');
});

const TOLERANCE = 1e-4;
const cases = existsSync(oracle) ? readdirSync(oracle).filter((file) => /^(sinusoid|glyphs)_.*\.json$/.test(file)).sort() : [];

test(
  'every gradient case passes on WebGPU',
  { timeout: 900_000, skip: cases.length === 0 && 'no oracle cases beside this clone' },
  async (t) => {
    const page = await shared.browser.newPage();
    await page.goto(`${shared.site.origin}/probe/gradient.html`);
    const { gpu } = await (await fetch(shared.site.url('workers.json'))).json();
    const failures = [];
    for (const file of cases) {
      const report = await page.evaluate(
        ([module, url]) => window.gradientCase(module, url, 'gpu'),
        [shared.site.url(gpu.module), `${shared.site.origin}/oracle/${file}`],
      );
      t.diagnostic(`${file}: loss ${report.loss_error?.toExponential(1)}, gradient ${report.gradient_error?.toExponential(1)}`);
      const good = report.loss_error <= TOLERANCE && report.gradient_error <= TOLERANCE;
      if (!good) failures.push({ file, ...report });
    }
    await page.close();
    assert.deepEqual(failures, []);
  },
);
