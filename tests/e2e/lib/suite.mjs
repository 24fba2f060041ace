// A site and a browser for all tests of a file, and a visit for each.
import { after, before, test } from 'node:test';
import { launch } from './browser.mjs';
import { reportFile } from './report.mjs';
import { serveSite } from './site.mjs';
import { Visit } from './visit.mjs';

/** Declares tests that share one site and one browser; `visit(name, options, body)` is a test with a visit. */
export function suite(kind) {
  const shared = {};
  before(async () => {
    shared.site = await serveSite();
    shared.browser = await launch(kind);
  });
  after(async () => {
    await shared.browser?.close();
    await shared.site?.close();
  });
  const visit = (name, options, body) =>
    test(name, { timeout: options.timeout ?? 180_000 }, async (t) => {
      const settings = typeof options.open === 'function' ? options.open() : options.open;
      const visit = await Visit.open(shared.browser, shared.site, settings);
      try {
        await body(visit, t, shared);
      } catch (error) {
        await visit.page.screenshot({ path: reportFile(`failed-${name}.png`) }).catch(() => {});
        await visit.context.close();
        throw new Error(`${error.message}${visit.faults.length ? `\nthe page also said:\n${visit.faults.join('\n')}` : ''}`, { cause: error });
      }
      await visit.end(options);
    });
  return { shared, visit };
}
