/** What the files of the Cameo object share. Invariant: everything in here is used inside one synchronous transaction of the object. */
import type { AppearancesStore } from '#durable-objects/cameo/appearances-store.ts';
import type { Effects } from '#durable-objects/cameo/effects.ts';
import type { RevocationsStore } from '#durable-objects/cameo/revocations-store.ts';
import type { CameoStore } from '#durable-objects/cameo/store.ts';
import type { Id } from '#schemas/ids.ts';
import type { StoredAppearance } from './appearances-store.ts';
import type { CameoState } from './core/cameo-machine.ts';

export interface CameoParts {
  readonly store: CameoStore;
  readonly appearances: AppearancesStore;
  readonly revocations: RevocationsStore;
  readonly effects: Effects;
}

/** Stores a likeness if it changed, and tells the projections. */
export function saveCameo({ store, effects }: CameoParts, state: CameoState, now: number): void {
  const before = store.cameo();
  store.saveCameo(state);
  if (before?.version !== state.version) effects.projectCameo(state, now);
}

/** A contract's uses have changed: its projection follows. A standing permission has none. */
export function useChanged(
  { store, effects }: CameoParts,
  accountId: Id<'acc'>,
  grantId: Id<'grant'> | null,
  now: number,
): void {
  if (grantId === null || store.grant(grantId)?.implicit !== false) return;
  const grant = store.touchGrant(grantId);
  if (grant !== null) effects.projectGrant(accountId, grant, now);
}

/** Tells a job that consent for it is gone; once is enough, the outbox repeats it until it has arrived. */
export function withdrawFrom(
  { appearances, effects }: CameoParts,
  rows: readonly StoredAppearance[],
  now: number,
): Id<'gen'>[] {
  for (const { generationId } of rows) {
    appearances.markWithdrawn(generationId);
    effects.withdrawFrom(generationId, now);
  }
  return rows.map(({ generationId }) => generationId);
}
