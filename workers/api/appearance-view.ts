/**
 * Appearances as their person may see them now: rows from D1, consent from the gate. Called by the appearances page and by routes that
 * answer one appearance.
 */
import type { AppearanceRecord } from '#durable-objects/cameo/rpc.ts';
import { askGateMany } from '#durable-objects/consent/gate.ts';
import { clipKey, type Region } from '#schemas/consent.ts';
import type { Appearance } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import { hydrateAppearances, presentAppearance } from '../store/appearances-store.ts';
import { database } from '../store/database.ts';

/**
 * In the order of `records`; what the viewer has no say in any more is left out.
 * @throws ConsentUnavailableError
 */
export async function viewAppearances(
  env: Env,
  region: Region,
  records: readonly AppearanceRecord[],
  viewerId: Id<'acc'>,
): Promise<Appearance[]> {
  const found = await hydrateAppearances(database(env), records, viewerId);
  const [serve, list] = await Promise.all([
    askGateMany(
      env,
      region,
      found.map(({ clip }) => clip?.keys ?? []),
      'serve',
    ),
    // Hiding denies `list` on the clip's own key, and so does nothing else but its deletion.
    askGateMany(
      env,
      region,
      found.map(({ clip }) => (clip === null ? [] : [clipKey(clip.id)])),
      'list',
    ),
  ]);
  return found.map((appearance, index) =>
    presentAppearance(appearance, {
      served: serve[index]?.allowed === true,
      hidden: list[index]?.allowed === false,
    }),
  );
}
