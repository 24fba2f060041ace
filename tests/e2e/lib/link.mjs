// Links to experiments, written by the command line: the tests know what they want, not how it is coded.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { repository } from './site.mjs';

/** The program, to ask for more than a link. */
export const commandLine = process.env.KINDLING_COMMAND_LINE
  ?? path.join(process.env.CARGO_TARGET_DIR ?? path.join(repository, 'target'), 'debug/kindling');

/** The `#v1.…` of a preset with fields set, as `{ 'budget.meta_steps': 200 }`. */
export function link(preset, fields = {}) {
  const sets = Object.entries(fields).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
  const printed = execFileSync(commandLine, ['link', '--preset', preset, ...sets], { encoding: 'utf8' });
  const hash = /#v1\.\S+/.exec(printed)?.[0];
  if (!hash) throw new Error(`kindling link printed no link: ${printed}`);
  return hash;
}

/** The experiment that a link describes, as the command line reads it. */
export function experimentOf(hash) {
  return JSON.parse(execFileSync(commandLine, ['open', hash], { encoding: 'utf8' }));
}
