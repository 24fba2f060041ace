// Every learner meta-trains in the page from a preset of its own, and gets better than it was.
import assert from 'node:assert/strict';
import { link } from './lib/link.mjs';
import { suite } from './lib/suite.mjs';
import { until } from './lib/poll.mjs';

const { visit } = suite('cpu');

/** Meta-steps whose mean the page shows: the second look shares none with the first. */
const WINDOW = 50;

/** Meta-steps after which its first figure is taken. */
const FIRST = 5;

/** What a preset is judged by, and how far it has to come. */
const better = {
  loss: { part: 'loss-after', enough: (first, now) => now < 0.9 * first },
  accuracy: { part: 'accuracy-after', enough: (first, now) => now > first + 5 },
};

const named = (names, before, after, judged) => names.map((name) => [`${before}${name}${after}`, judged]);
const presets = [
  ...named(['maml-5shot', 'fomaml', 'reptile', 'meta-sgd', 'anil', 'pretrained-5shot', 'linear-probe', 'oracle-5shot', 'ridge-5shot', 'cavia',
    'imaml', 'boil', 'maml-pp', 'cnp', 'lstm'], 'sinusoid-', '', better.loss),
  ...named(['lstm'], 'quadratic-', '', better.loss),
  ...named(['maml', 'fomaml', 'reptile', 'meta-sgd', 'anil', 'boil', 'maml-pp', 'imaml', 'cavia', 'prototypical', 'matching',
    'matching-fce', 'siamese', 'relation', 'r2-d2', 'pretrained', 'linear-probe', 'nearest-centroid'], 'glyphs-light-', '-5w1s', better.accuracy),
  ...named(['zero-shot'], 'glyphs-light-', '-5w', better.accuracy),
];

for (const [preset, { part, enough }] of presets) {
  visit(`${preset} gets better while it meta-trains`, { timeout: 400_000, open: { query: 'device=cpu', hash: link(preset) } }, async (visit, t) => {
    await visit.ready();
    await visit.press('reset');
    await until('meta-step 0', async () => (await visit.metaSteps()) === 0);
    // Step by step: who plays may look only when it has got better already.
    for (let at = 1; at <= FIRST; at += 1) {
      await visit.press('step');
      await until(`meta-step ${at}`, async () => (await visit.metaSteps()) === at, 60);
    }
    const first = { at: FIRST, figure: await visit.number(part) };
    assert.ok(Number.isFinite(first.figure), `${first.figure}`);
    await visit.press('play');
    const started = Date.now();
    const now = await until(`better than ${first.figure}`, async () => {
      const [at, figure] = [await visit.metaSteps(), await visit.number(part)];
      return at >= first.at + WINDOW && enough(first.figure, figure) && figure;
    }, 240);
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    t.diagnostic(`${first.figure} at ${first.at} → ${now} at ${await visit.metaSteps()} meta-steps, ${seconds} s, ${await visit.text('rate')} a second`);
    assert.equal(await visit.text('notice'), '', 'nothing went wrong on the way');
  });
}
