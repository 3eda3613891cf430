/**
 * A case without its object: the same machine and reducer, the same order of steps, storage that can be lost with its memory kept apart.
 * Used by the simulations, the proofs and the property tests of the desk.
 */

import { genesisHash, type UnsignedEvent } from '#core/moderation/case-log.ts';
import { applyEvent, type CaseState, foldCase } from '#core/moderation/case-state.ts';
import type { Step } from '#durable-objects/moderation-case/core/case-machine.ts';
import type { CaseEvent } from '#schemas/case-log.ts';
import type { Id } from '#schemas/ids.ts';
import type { CaseSubject } from '#schemas/moderation.ts';

/** Chains and signs, or only numbers where that is not what is looked at. */
export type Seal = (event: UnsignedEvent) => CaseEvent;

export const numbered: Seal = (event) => ({
  ...event,
  hash: String(event.seq).padStart(64, '0'),
  signature: 'AA==',
});

export class PureCase {
  readonly caseId: Id<'case'>;
  readonly #seal: Seal;
  /** What storage holds. */
  readonly events: CaseEvent[] = [];
  state: CaseState | null = null;

  constructor(caseId: Id<'case'>, seal: Seal = numbered) {
    this.caseId = caseId;
    this.#seal = seal;
  }

  get now(): CaseState {
    if (this.state === null) throw new Error('the case was never opened');
    return this.state;
  }

  /** Writes what a step made. @throws IllegalEventError when machine and reducer disagree */
  write({ events }: Step, now: number): void {
    for (const { body, actor, tool } of events) {
      const event = this.#seal({
        v: 1,
        caseId: this.caseId,
        seq: (this.state?.seq ?? 0) + 1,
        at: new Date(now).toISOString(),
        actor,
        tool,
        previousHash: this.state?.hash ?? genesisHash,
        ...body,
      });
      this.state = applyEvent(this.state, event);
      this.events.push(event);
    }
  }

  /** The object is gone; the next one folds what was stored. */
  evict(): void {
    this.state = foldCase(this.events);
  }
}

export const ulidOf = (n: number) => `01k${String(n).padStart(23, '0')}`;
export const accountOf = (n: number): Id<'acc'> => `acc_${ulidOf(n)}`;
export const caseIdOf = (n: number): Id<'case'> => `case_${ulidOf(n)}`;

export function subjectOf(n: number, change: Partial<CaseSubject> = {}): CaseSubject {
  return {
    kind: 'clip',
    id: `clip_${ulidOf(n)}`,
    ownerId: accountOf(900_000 + n),
    title: 'A ball on a stair.',
    clipId: `clip_${ulidOf(n)}`,
    parentClipId: null,
    media: [
      { file: 'video.mp4', key: `clips/${n}/video.mp4`, size: 1000, mediaType: 'video/mp4', sha256: '' },
    ],
    contentHash: null,
    durationMs: 4000,
    createdAt: null,
    reach: 0,
    ...change,
  };
}
