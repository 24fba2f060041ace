// The address bar holds the experiment, and opening it restores it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experimentOf, link } from './lib/link.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';
import { Visit } from './lib/visit.mjs';

const { shared, visit } = suite('cpu');
const hashOf = (visit) => new URL(visit.page.url()).hash;

visit('the address bar always holds the current experiment', {}, async (visit) => {
  await visit.adapted();
  const first = await until('a link in the address bar', () => hashOf(visit));
  assert.match(first, /^#v1\./);
  const select = visit.part('learner').first();
  const fomaml = await select.locator('option', { hasText: /fomaml|first.order/i }).first().getAttribute('value');
  await select.selectOption(fomaml);
  const second = await until('another link', () => hashOf(visit) !== first && hashOf(visit));
  assert.equal(experimentOf(second).learner.kind, 'fomaml', 'the command line reads the same experiment');

  await visit.page.reload();
  await visit.adapted();
  assert.equal(await select.inputValue(), fomaml, 'opening the link restores the choice');
  assert.equal(hashOf(visit), second, 'a link is written in one way only');
});

test('a link from the command line opens as it was written', { timeout: 120_000 }, async () => {
  const hash = link('sinusoid-maml-5shot', { 'learner.kind': 'reptile', 'task.family': 'harmonic', 'task.shots': 7 });
  const visit = await Visit.open(shared.browser, shared.site, { hash });
  await visit.adapted();
  assert.match(await visit.part('learner').first().inputValue(), /reptile/i);
  assert.match(await visit.part('task-family').first().inputValue(), /harmonic/i);
  assert.equal(hashOf(visit), hash);
  await visit.end();
});

for (const [damage, hash] of [['a damaged', '#v1.AAAA____not-a-link'], ['an empty', '#v1.'], ['a future', '#v9.AAAA']]) {
  visit(`${damage} link opens the default experiment and says what was wrong`, { open: { hash } }, async (visit) => {
    await visit.adapted();
    const notice = await until('a notice', () => visit.text('notice'));
    assert.ok(notice.length > 10, notice);
    assert.match(await visit.part('learner').first().inputValue(), /^maml$/i);
  });
}
