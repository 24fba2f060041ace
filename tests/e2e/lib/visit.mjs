// One visit to the page: what a visitor reads and does, in the page's own words (`data-testid`).
import assert from 'node:assert/strict';
import { until } from './poll.mjs';

const READY_SECONDS = 60;

export class Visit {
  /** Opens the page: `query` as `device=cpu`, `hash` as `#v1.…`, theme `light` or `dark`, width in CSS pixels. */
  static async open(browser, site, { query = '', hash = '', theme = 'light', width = 1280, height, locale = 'en-US' } = {}) {
    const context = await browser.newContext({
      viewport: { width, height: height ?? (width < 600 ? 844 : 900) },
      colorScheme: theme,
      locale,
      reducedMotion: 'no-preference',
    });
    const visit = new Visit(context, await context.newPage(), site);
    await visit.page.goto(site.url(query ? `?${query}${hash}` : hash));
    return visit;
  }

  constructor(context, page, site) {
    this.context = context;
    this.page = page;
    this.site = site;
    this.faults = [];
    this.requested = [];
    // Chromium reports violations of the content security policy as console errors too.
    page.on('console', (message) => message.type() === 'error' && this.faults.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => this.faults.push(`uncaught: ${error}`));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText;
      // A visitor who leaves breaks off what was on its way.
      if (reason !== 'net::ERR_ABORTED') this.faults.push(`failed: ${request.url()} ${reason}`);
    });
    page.on('response', (response) => response.status() >= 400 && this.faults.push(`${response.status()}: ${response.url()}`));
    page.on('request', (request) => this.requested.push(request.url()));
  }

  part(name) {
    return this.page.getByTestId(name);
  }

  async text(name) {
    return (await this.part(name).first().innerText()).trim();
  }

  /** The first number in a part's text, or NaN. */
  async number(name) {
    const text = (await this.text(name)).replaceAll('−', '-').replace(/(?<=\d)[,\u2009\u202f](?=\d{3})/g, '');
    return Number.parseFloat(/-?\d+(\.\d+)?(e[-+]?\d+)?/i.exec(text)?.[0] ?? 'NaN');
  }

  /** Opens one of the panels below the adaptation, as `compare`. */
  async panel(name) {
    await this.press(`tab-${name}`);
    await this.part(name).waitFor();
    return this;
  }

  async press(name) {
    await this.part(name).first().click();
  }

  /** Waits until a worker has started and the device is known. */
  async ready() {
    await until('play can be pressed', () => this.part('play').first().isEnabled(), READY_SECONDS);
    await until('the badge names a device', async () => /cpu|gpu/i.test(await this.text('device-badge')), READY_SECONDS);
    return this;
  }

  /** Waits until adaptation to the task on show is drawn and its losses are known. */
  async adapted() {
    await this.part('adaptation-figure').first().waitFor();
    await until('a query loss is shown', async () => Number.isFinite(await this.number('query-loss')), READY_SECONDS);
    return this;
  }

  async metaSteps() {
    return this.number('meta-step');
  }

  /** Ends the visit and fails if anything went wrong behind the page's back. */
  async end() {
    await this.context.close();
    assert.deepEqual(this.faults, [], 'nothing goes wrong in the console or on the network');
  }
}
