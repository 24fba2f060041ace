// Turning the page to characters, and reading what it says of them.
import { until } from './poll.mjs';

/** Opens the family of characters and waits for its first task to be adapted. */
export async function characters(visit) {
  await visit.ready();
  await visit.part('task-family').selectOption('characters');
  return classified(visit);
}

/** Waits until the queries of a sampled task are classified. */
export async function classified(visit) {
  await until('an accuracy', async () => Number.isFinite(await visit.number('accuracy')), 60);
  return visit;
}

/** Puts the scrubber at its first or last step. */
export async function step(visit, key) {
  await visit.part('scrubber').focus();
  await visit.page.keyboard.press(key);
}

/** Waits until the page has a network that it trusts: the shipped one, or one that the test trains. */
export async function trained(visit, metaSteps = 250) {
  if ((await visit.metaSteps()) > 0) return visit;
  await visit.press('play');
  await until(`${metaSteps} meta-steps`, async () => (await visit.metaSteps()) >= metaSteps, 240);
  await visit.press('pause');
  await until('it has paused', () => visit.part('play').first().isEnabled());
  return visit;
}
