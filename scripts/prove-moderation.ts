/**
 * `npm exec node scripts/prove-moderation.ts -- --runs 200 --seed 1`: days of 50 moderators on 1,000 cases with leases that run out, retries,
 * evictions, undoing and appeals, then a queue that gets ten times more than can be looked at. `--moderators`, `--cases` and `--hours`
 * change the size. Exits with 1 and the seed when a promise is broken. docs/moderation.md holds the last results.
 */
import { parseArgs } from 'node:util';
import { playOverload } from '../test/support/moderation-simulation/overload.ts';
import { type DayResult, playDay } from '../test/support/moderation-simulation/world.ts';
import { formatSeconds, say, startStep } from './terminal.ts';

function options() {
  try {
    return parseArgs({
      options: {
        runs: { type: 'string', default: '200' },
        seed: { type: 'string', default: '1' },
        moderators: { type: 'string', default: '50' },
        cases: { type: 'string', default: '1000' },
        hours: { type: 'string', default: '400' },
      },
    }).values;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

function naturalNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  say(`--${name} must be a whole number above 0, not "${text}".`);
  process.exit(2);
}

function broken(what: string, seed: number, violations: readonly string[]): never {
  say();
  say(`BROKEN: ${what}, seed ${seed}:`);
  for (const violation of violations.slice(0, 10)) say(`  ${violation}`);
  process.exit(1);
}

const values = options();
const [runs, first] = [naturalNumber('runs', values.runs), naturalNumber('seed', values.seed)];
const [moderators, cases] = [
  naturalNumber('moderators', values.moderators),
  naturalNumber('cases', values.cases),
];

const started = performance.now();
const days = startStep('days');
type Counted = Exclude<keyof DayResult, 'violations'>;
const counted: readonly Counted[] = [
  'events',
  'decisions',
  'losers',
  'expired',
  'undone',
  'appeals',
  'evictions',
  'lostAnswers',
];
const totals = new Map<Counted, number>(counted.map((name) => [name, 0]));
for (let run = 0; run < runs; run += 1) {
  const day = playDay({ seed: first + run, moderators, cases });
  if (day.violations.length > 0)
    broken(`a day of ${moderators} moderators on ${cases} cases`, first + run, day.violations);
  for (const name of counted) totals.set(name, (totals.get(name) ?? 0) + day[name]);
  days.update((run + 1) / runs, `${run + 1} of ${runs}`);
}
days.done(`${runs} days, 0 violations`);
for (const [name, total] of totals) say(`    ${name}: ${total.toLocaleString('en')}`);

const hours = naturalNumber('hours', values.hours);
const overload = startStep('overload');
const result = playOverload({ seed: first, hours, factor: 10, drain: true });
if (result.violations.length > 0) broken('ten times too much', first, result.violations);
overload.done(`${result.came.toLocaleString('en')} cases at 10 × capacity for ${hours} h, 0 violations`);
say(
  `    taken: ${result.taken.toLocaleString('en')} (all), legal deadlines: ${result.legal}, none passed; by age: ${result.byAge.toLocaleString('en')}; longest wait ${result.longestWaitHours.toFixed(0)} h`,
);
say(`  ${formatSeconds((performance.now() - started) / 1000)}`);
