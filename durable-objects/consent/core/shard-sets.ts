/**
 * Splits key sets by shard and puts the answers together again. Invariant: a set is allowed only if every one of its keys was
 * asked about and every shard allowed its part; a missing or empty part is a denial or a thrown fault, never a pass.
 * Called by gate.ts.
 */
import type { ConsentKey } from '#schemas/consent.ts';
import { type Decision, decide } from './decide.ts';
import { consentShard } from './shard.ts';

export interface ShardPart {
  /** Which set this belongs to. */
  readonly set: number;
  readonly keys: ConsentKey[];
}

export interface ShardQuestion {
  readonly shard: string;
  readonly parts: ShardPart[];
}

/** One question per shard that holds any of the keys. */
export function groupByShard(
  sets: readonly (readonly ConsentKey[])[],
  shardOf: (key: ConsentKey) => string = consentShard,
): ShardQuestion[] {
  const questions = new Map<string, Map<number, ShardPart>>();
  sets.forEach((keys, set) => {
    for (const key of keys) {
      const shard = shardOf(key);
      const parts = questions.get(shard) ?? new Map<number, ShardPart>();
      questions.set(shard, parts);
      const part = parts.get(set) ?? { set, keys: [] };
      parts.set(set, part);
      part.keys.push(key);
    }
  });
  return [...questions].map(([shard, parts]) => ({ shard, parts: [...parts.values()] }));
}

/** @throws if a shard answered for fewer or more parts than it was asked about */
export function joinDecisions(
  setCount: number,
  answers: readonly { readonly parts: readonly ShardPart[]; readonly decisions: readonly Decision[] }[],
): Decision[] {
  // A set without keys has no part anywhere: `decide` says what that means.
  const joined: Decision[] = Array.from({ length: setCount }, () => decide([], 'serve', new Map()));
  const answered = new Set<number>();
  for (const { parts, decisions } of answers) {
    if (decisions.length !== parts.length) throw new Error('a consent shard did not answer every question');
    parts.forEach((part, i) => {
      const decision = decisions[i];
      if (decision === undefined) throw new Error('a consent shard did not answer every question');
      if (!answered.has(part.set) || !decision.allowed) joined[part.set] = decision;
      answered.add(part.set);
    });
  }
  return joined;
}
