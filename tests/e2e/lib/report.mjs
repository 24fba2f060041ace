// What a run leaves for a person to look at: pictures of the page, and what it cost the main thread.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../report');

/** A file in the report folder, under a name fit for files. */
export function reportFile(name) {
  mkdirSync(folder, { recursive: true });
  return path.join(folder, name.toLowerCase().replace(/[^a-z0-9.]+/g, '-'));
}

/** Takes a picture of the whole page. */
export function picture(visit, name) {
  return visit.page.screenshot({ path: reportFile(`${name}.png`), fullPage: true });
}

/** Begins to count the tasks of more than 50 ms on the page's main thread. */
export function watchLongTasks(visit) {
  return visit.page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) window.longTasks.push({ startTime, duration });
    }).observe({ type: 'longtask' });
  });
}

/** One line on the long tasks so far. */
export async function longTasks(visit) {
  const durations = (await visit.page.evaluate(() => window.longTasks)).map(({ duration }) => Math.round(duration));
  if (durations.length === 0) return 'no main-thread task over 50 ms while training';
  return `main-thread tasks over 50 ms while training: ${durations.length}, the longest ${Math.max(...durations)} ms`;
}
