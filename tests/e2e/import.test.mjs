// A dataset of the visitor's own: read in the page, kept by the browser, and gone when the visitor says so.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { characters, classified } from './lib/characters.mjs';
import { experimentOf } from './lib/link.mjs';
import { picture } from './lib/report.mjs';
import { repository } from './lib/site.mjs';
import { shelf } from './lib/shelf.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');
const cpu = { query: 'device=cpu' };
const omniglot = path.resolve(repository, '../shared/data/images_background_small1.zip');

async function chooser(visit) {
  await characters(visit);
  await visit.part('dataset').selectOption('imported');
  await visit.part('import').waitFor();
}

const dataset = (visit) => visit.part('dataset').inputValue();

if (existsSync(omniglot)) {
  visit('Omniglot’s small background set is imported, kept and forgotten', { open: cpu }, async (visit) => {
    await chooser(visit);
    await visit.part('import').setInputFiles(omniglot);
    await visit.part('dataset-summary').waitFor({ timeout: 60_000 });
    assert.match(await visit.text('dataset-summary'), /136 characters of 5 alphabets, 2720 drawings/);
    assert.equal(await dataset(visit), 'imported');
    await classified(visit);
    assert.equal(await visit.text('notice'), '');
    const title = () => visit.part('support-grid').locator('li').first().getAttribute('title');
    await until('a character of the file', async () => !/alphabet \d+, character/.test(await title()));
    await picture(visit, 'import-1280-light');

    await visit.page.reload();
    await until('the dataset of before', async () => /136 characters/.test(await visit.text('dataset-summary')), 60);
    await visit.ready();
    await classified(visit);
    assert.equal(await dataset(visit), 'imported');

    await visit.press('import-forget');
    await until('it is gone', async () => (await visit.part('dataset-summary').count()) === 0);
    await visit.page.locator('.import').getByRole('button', { name: 'Undo' }).click();
    await until('and back', async () => (await dataset(visit)) === 'imported' && (await visit.part('dataset-summary').count()) === 1);
    await visit.press('import-forget');
    await until('it is kept no longer', async () => (await shelf(visit, 'datasets')).length === 0);
    await visit.page.reload();
    await classified(visit);
    assert.equal(await dataset(visit), 'procedural');
  });

  visit('a link to a file that is not here says so and makes characters up', { open: cpu }, async (visit, t, { browser, site }) => {
    await chooser(visit);
    await visit.part('import').setInputFiles(omniglot);
    await visit.part('dataset-summary').waitFor({ timeout: 60_000 });
    const hash = () => new URL(visit.page.url()).hash;
    await until('the link says so', () => experimentOf(hash()).task.source === 'imported');
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${site.url('?device=cpu')}${hash()}`);
    await until('a notice', async () => /images_background/.test(await page.getByTestId('notice').innerText()), 60);
    await until('characters', async () => (await page.getByTestId('support-grid').getByRole('img').count()) > 0);
    await context.close();
  });
}

visit('a file that is no dataset is refused with what to do', { open: cpu }, async (visit) => {
  await chooser(visit);
  const give = (name, body) => visit.part('import').setInputFiles({ name, mimeType: 'application/zip', buffer: Buffer.from(body) });
  const told = (words) => until(String(words), async () => words.test(await visit.page.locator('.import .hint').innerText()));
  await give('notes.zip', 'not an archive at all');
  await told(/choose|takes/i);
  // An archive with nothing in it: the end of a central directory, and no more.
  await give('empty.zip', Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]));
  await told(/nothing in it/);
  assert.equal(await visit.part('dataset-summary').count(), 0);
});

visit('what is dropped is read like what is chosen, and a drop without files does nothing', { open: cpu }, async (visit) => {
  await chooser(visit);
  const drop = (files) =>
    visit.page.locator('.import').evaluate((panel, files) => {
      const carried = new DataTransfer();
      for (const [name, text] of files) carried.items.add(new File([text], name));
      panel.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: carried }));
    }, files);
  const told = () => visit.page.locator('.import .hint').innerText();
  await drop([]);
  assert.equal(await told(), '');
  await drop([['notes.zip', 'not an archive at all']]);
  await until('what it takes', async () => /choose|takes/i.test(await told()));
});
