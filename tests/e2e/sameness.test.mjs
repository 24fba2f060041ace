// The promise of a link: the same experiment gives the same network, bit for bit, on every visit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { link } from './lib/link.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';
import { Visit } from './lib/visit.mjs';

const STEPS = 200;
const { shared } = suite('cpu');

/** Trains a link to the end of its budget in a fresh visit. */
async function trained(hash) {
  const visit = await Visit.open(shared.browser, shared.site, { query: 'device=cpu', hash });
  await visit.ready();
  await visit.press('play');
  await until('the budget is spent', async () => (await visit.metaSteps()) === STEPS, 120);
  const fingerprint = await visit.text('fingerprint');
  await visit.end();
  return fingerprint;
}

test('the same seed gives the same fingerprint after 200 meta-steps on two visits, and another seed another', { timeout: 400_000 }, async (t) => {
  const hash = link('sinusoid-maml-5shot', { 'budget.meta_steps': STEPS });
  const first = await trained(hash);
  t.diagnostic(`fingerprint ${first}`);
  assert.match(first, /\S{6}/);
  assert.equal(await trained(hash), first);
  assert.notEqual(await trained(link('sinusoid-maml-5shot', { 'budget.meta_steps': STEPS, seed: 2 })), first);
});
