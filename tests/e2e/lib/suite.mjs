// A site and a browser for all tests of a file, and a visit for each.
import { after, before, test } from 'node:test';
import { launch } from './browser.mjs';
import { reportFile } from './report.mjs';
import { serveSite } from './site.mjs';
import { Visit } from './visit.mjs';

/**
 * Tests that share one site and one browser. `visit(name, options, body)` declares a test of one visit:
 * `options.open` says how the page is opened, and an error that nobody saw fails it as well. With a `panel`, each visit
 * opens that one first.
 */
export function suite(kind, panel) {
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
      const visit = await Visit.open(shared.browser, shared.site, options.open);
      try {
        if (panel) await visit.panel(panel);
        await body(visit, t, shared);
      } catch (error) {
        await visit.page.screenshot({ path: reportFile(`failed-${name}.png`) }).catch(() => {});
        await visit.context.close();
        for (const fault of visit.faults) t.diagnostic(`the page said: ${fault}`);
        throw error;
      }
      await visit.end();
    });
  return { shared, visit };
}
