// Takes the pictures of the README: three panels of the built page with figures in them, into docs/.
//
//     cargo xtask dist && node tests/e2e/probe/panels.mjs
//
// A picture is as wide as a page of text and has no more colours than it needs, so that it stays small.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { launch } from '../lib/browser.mjs';
import { until } from '../lib/poll.mjs';
import { repository, serveSite } from '../lib/site.mjs';
import { Visit } from '../lib/visit.mjs';

const MOST_BYTES = 150_000;

const PANELS = [
  ['compare', async (visit) => {
    await visit.part('compare-steps').selectOption('500');
    await visit.press('compare-start');
    await until('it is over', async () => (await visit.part('compare-curves').count()) === 1 && visit.part('compare-cancel').isDisabled(), 300);
  }, '[data-export]:has([data-testid="compare-figure"])'],
  ['landscape', async (visit) => {
    await visit.press('landscape-start');
    await until('it is drawn', async () => (await visit.part('surface-figure').count()) === 1 && visit.part('landscape-start').isEnabled(), 120);
  }, '.landscape-figures'],
  ['evaluate', async (visit) => {
    await visit.press('evaluate-start');
    await until('it is done', async () => (await visit.part('evaluate-row').first().getAttribute('data-finished')) === 'true', 120);
  }, '.evaluate-body'],
];

const site = await serveSite();
const browser = await launch('cpu');
try {
  for (const [name, fill, figure] of PANELS) {
    const visit = await Visit.open(browser, site, { query: 'device=cpu', width: 1100, height: 1000 });
    await visit.ready();
    await visit.panel(name);
    await until('it can start', () => visit.part(`${name}-start`).isEnabled());
    await fill(visit);
    const shown = visit.part(name).locator(figure).first();
    await shown.scrollIntoViewIfNeeded();
    const bytes = await shown.screenshot({ animations: 'disabled' });
    if (bytes.length > MOST_BYTES) console.warn(`${name}: ${bytes.length} bytes are more than ${MOST_BYTES}`);
    writeFileSync(path.join(repository, 'docs', `panel-${name}.png`), bytes);
    await visit.end();
  }
} finally {
  await browser.close();
  await site.close();
}
