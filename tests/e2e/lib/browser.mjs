// Chromium as two kinds of visitor meet the page: one without a usable GPU, one with WebGPU (in software).
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const QUIET = [
  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic',
];
const WEBGPU = [
  '--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader',
];

/** A browser: `cpu` with the flags of an ordinary visit, `gpu` with a software WebGPU adapter. */
export function launch(kind) {
  const executablePath = process.env.KINDLING_CHROMIUM
    ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));
  return chromium.launch({
    executablePath,
    headless: true,
    args: kind === 'gpu' ? [...QUIET, ...WEBGPU] : QUIET,
  });
}
