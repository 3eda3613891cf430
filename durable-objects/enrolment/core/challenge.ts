/**
 * What somebody has to say and do. Invariant: every challenge that keeps the rules is as likely as any other, so a recording made
 * beforehand fits with a chance of one in 24 million. Called by the Enrolment object; pure: the randomness comes in.
 */
import { type Challenge, type HeadTurn, headTurns } from '#schemas/http/cameo.ts';

const digitCount = 6;
/** Random 32-bit numbers a challenge needs. */
export const challengeEntropy = digitCount + 1;

/** Three turns, never three times the same: that would be one movement held, not an order. */
const orders: readonly (readonly HeadTurn[])[] = headTurns
  .flatMap((first) => headTurns.flatMap((second) => headTurns.map((third) => [first, second, third])))
  .filter((order) => new Set(order).size > 1);

/**
 * @param entropy `challengeEntropy` uniform 32-bit numbers; the bias of taking remainders is below 10⁻⁸
 * @throws RangeError when there are too few
 */
export function makeChallenge(entropy: Uint32Array): Challenge {
  if (entropy.length < challengeEntropy) throw new RangeError('a challenge needs more randomness');
  const digits = Array.from(entropy.subarray(0, digitCount), (value) => String(value % 10)).join('');
  const turns = orders[(entropy[digitCount] ?? 0) % orders.length] ?? [];
  return { digits, turns: [...turns] };
}
