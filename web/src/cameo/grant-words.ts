/** A contract in short facts. Pure: how a time is written comes in. */
import type { Grant } from '#schemas/http/cameo.ts';
import { ruleWords } from './words.ts';

const statusWords: Readonly<Record<Exclude<Grant['status'], 'active'>, string>> = {
  'used-up': 'used up',
  expired: 'expired',
  revoked: 'ended',
};

export function grantFacts(grant: Grant, formatTime: (iso: string) => string): readonly string[] {
  const facts: string[] = [];
  if (grant.status !== 'active') facts.push(statusWords[grant.status]);
  facts.push(grant.uses === null ? `used ${grant.used} times` : `${grant.used} of ${grant.uses} used`);
  facts.push(grant.until === null ? 'no end date' : `until ${formatTime(grant.until)}`);
  if (grant.reviewBeforeGeneration) facts.push('asks before it is made');
  if (grant.reviewBeforePublication) facts.push('asks before it is published');
  for (const name of grant.allow) facts.push(`allows ${ruleWords[name].name.toLowerCase()}`);
  return facts;
}

/**
 * The end of the day somebody picked, in their own time zone.
 * @param day `YYYY-MM-DD` as an `<input type="date">` gives it; empty for no end
 * @returns ISO 8601 UTC, or null
 */
export function endOfDay(day: string): string | null {
  if (!day) return null;
  const time = new Date(`${day}T23:59:59`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
