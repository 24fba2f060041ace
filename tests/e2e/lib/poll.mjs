// Waiting without guessing how long: ask again until the answer is yes.
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves with the first truthy answer; fails with the label and the last answer when there is none in time. */
export async function until(label, ask, seconds = 30) {
  const end = performance.now() + seconds * 1000;
  let answer;
  let error;
  do {
    try {
      answer = await ask();
      error = undefined;
      if (answer) return answer;
    } catch (thrown) {
      error = thrown;
    }
    await pause(40);
  } while (performance.now() < end);
  throw new Error(`waited ${seconds} s for: ${label} (last: ${error ?? JSON.stringify(answer)})`);
}
