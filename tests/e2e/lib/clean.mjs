// What every view has to be: clean for axe, and no wider than the window.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Waits until what has just changed, as a button that was enabled, has come to its colours. */
const settled = (visit) => visit.page.evaluate(async () => {
  const turning = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(turning.map((one) => one.finished));
});

/** What axe finds wrong, and where. */
export async function findings(visit) {
  await settled(visit);
  if (!(await visit.page.evaluate(() => 'axe' in window))) await visit.page.evaluate(axe);
  const { violations } = await visit.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join('\n  ')}`);
}

/** Fails if anything sticks out sideways; `where` says what was looked at. */
export async function fits(visit, where = 'here') {
  const pixels = await visit.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(pixels <= 0, `${pixels} px stick out: ${where}`);
}

/** Fails if axe finds anything or anything sticks out sideways. */
export async function clean(visit, where = 'here') {
  await fits(visit, where);
  const found = await findings(visit);
  assert.deepEqual(found.map((finding) => `${where}: ${finding}`), []);
}
