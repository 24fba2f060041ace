// Two languages, both whole.
import assert from 'node:assert/strict';
import { picture } from './lib/report.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');
const language = (visit) => visit.page.evaluate(() => document.documentElement.lang);
const words = (visit) => visit.page.evaluate(() => document.body.innerText);
const HAN = /[\u4e00-\u9fff]/g;

/** Chooses a language by the page's own switch: a select, or a button. */
async function choose(visit, wanted) {
  const control = visit.part('language').first();
  if (await control.evaluate((element) => element.tagName === 'SELECT')) await control.selectOption(wanted);
  else await control.click();
  await until(`lang="${wanted}"`, async () => (await language(visit)).startsWith(wanted));
}

visit('the switch changes every sentence at once, and back', {}, async (visit) => {
  await visit.adapted();
  assert.match(await language(visit), /^en/);
  const english = await words(visit);
  await choose(visit, 'zh');
  const chinese = await until('Chinese sentences', async () => {
    const text = await words(visit);
    return (text.match(HAN)?.length ?? 0) > 100 && text;
  });
  await picture(visit, 'chinese-1280-light');
  // Sentences of several English words that stayed are sentences that were forgotten.
  const sentences = (text) => new Set(text.split('\n').filter((line) => /([A-Za-z]{3,}[ ,]+){4,}/.test(line)));
  const forgotten = [...sentences(chinese)].filter((line) => sentences(english).has(line));
  assert.deepEqual(forgotten, []);
  await choose(visit, 'en');
});

visit('a visitor whose browser speaks Chinese is greeted in Chinese', { open: { locale: 'zh-CN' } }, async (visit) => {
  await visit.adapted();
  await until('lang="zh"', async () => (await language(visit)).startsWith('zh'));
});
