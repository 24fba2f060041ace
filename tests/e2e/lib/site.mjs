// The built site behind a small server, in a sub-folder as on a shared host: a path that is not relative
// to the page gets a 404. Nothing but this machine is reached.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
export const repository = path.resolve(here, '../../..');
export const dist = process.env.KINDLING_DIST ?? path.join(repository, 'dist');
export const oracle = path.resolve(repository, '../shared/oracle/cases');

const BASE = '/some/sub/path/';
const TYPES = {
  '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json',
  '.mjs': 'text/javascript', '.svg': 'image/svg+xml', '.wasm': 'application/wasm',
  '.webmanifest': 'application/json', '.woff2': 'font/woff2', '.png': 'image/png',
};

// What the server gives out: the site in its folder; beside it, the pages and cases of the tests themselves.
const FOLDERS = [
  [BASE, dist],
  ['/probe/', path.join(here, '../probe')],
  ['/oracle/', oracle],
];

function fileFor(pathname) {
  for (const [base, folder] of FOLDERS) {
    if (!pathname.startsWith(base)) continue;
    const file = path.join(folder, pathname.slice(base.length) || 'index.html');
    return file.startsWith(folder + path.sep) ? file : null;
  }
  return null;
}

/** Serves the site; `url(rest)` is an address in it, `requests` what has been asked for, by path. */
export async function serveSite() {
  if (!existsSync(path.join(dist, 'index.html'))) throw new Error(`${dist} holds no site; run cargo xtask dist`);
  const requests = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    requests.push(pathname);
    try {
      const file = fileFor(decodeURIComponent(pathname));
      const body = await readFile(file);
      response.writeHead(200, {
        'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream',
        'Content-Length': body.length,
        'Cache-Control': 'no-store',
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    base: BASE,
    requests,
    url: (rest = '') => origin + BASE + rest,
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }),
  };
}
