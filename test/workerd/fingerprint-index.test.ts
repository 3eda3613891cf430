/** The index of our clips: what was added is found again after an eviction, what was forgotten never is. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { noHash } from '#core/fingerprint/hash.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { newId } from '../support/objects.ts';
import { copyOf, newFilm } from './fingerprint-fixtures.ts';

let indexes = 0;
const newIndex = () => env.FINGERPRINT_INDEX.getByName(`index-${++indexes}`);
const added = async (index: ReturnType<typeof newIndex>, film = newFilm(), clipId = newId('clip')) => {
  expect(await index.add({ clipId, sourceId: newId('gen'), fingerprints: film })).toBe(true);
  return { clipId, film };
};

describe('matching', () => {
  test('finds the clip a film is a copy of, among others, with the frames that say so', async () => {
    const index = newIndex();
    const clips = [];
    for (let i = 0; i < 30; i++) clips.push(await added(index));
    for (const { clipId, film } of clips.slice(0, 5)) {
      const [match, ...others] = await index.match(copyOf(film, 20), 10);
      expect(others).toEqual([]);
      expect(match).toMatchObject({
        clipId,
        similarity: 100,
        agrees: true,
        frames: { agreeing: 6, usable: 6 },
        audio: null,
      });
      expect(match?.pairs).toHaveLength(6);
      expect(match?.pairs.every(({ distance }) => distance <= 20)).toBe(true);
    }
    expect(await index.match(newFilm(), 10)).toEqual([]);
  });

  test('finds a cut of it, and not what shares only a few frames', async () => {
    const index = newIndex();
    const { clipId, film } = await added(index, newFilm(6));
    expect(await index.match(copyOf(film, 12, 3, 8), 10)).toMatchObject([{ clipId, similarity: 100 }]);
    const collage = { ...film, frames: [...copyOf(film, 5, 0, 4).frames, ...newFilm(5).frames] };
    expect(await index.match(collage, 10)).toEqual([]);
    expect(await index.compare(collage, clipId)).toMatchObject({ agrees: false, similarity: 29 });
  });

  test('names a clip once, however many renditions it has, and the limit is kept', async () => {
    const index = newIndex();
    const { clipId, film } = await added(index);
    await added(index, copyOf(film, 4), clipId);
    const other = await added(index, copyOf(film, 6));
    const matches = await index.match(film, 10);
    expect(matches.map((match) => match.clipId).sort()).toEqual([clipId, other.clipId].sort());
    expect(await index.match(film, 1)).toHaveLength(1);
  });

  test('survives an eviction, and what comes after it is found as well', async () => {
    const index = newIndex();
    const first = await added(index);
    expect(await index.match(first.film, 1)).toHaveLength(1);
    await evictDurableObject(index);
    const second = await added(index);
    expect(await index.match(copyOf(first.film, 15), 1)).toMatchObject([{ clipId: first.clipId }]);
    expect(await index.match(copyOf(second.film, 15), 1)).toMatchObject([{ clipId: second.clipId }]);
  });

  test('adding the same rendition twice is adding it once', async () => {
    const index = newIndex();
    const entry = { clipId: newId('clip'), sourceId: newId('gen'), fingerprints: newFilm() };
    expect([await index.add(entry), await index.add(entry)]).toEqual([true, true]);
    expect(
      await runInDurableObject(
        index,
        (_, { storage }) => storage.sql.exec('SELECT * FROM renditions').toArray().length,
      ),
    ).toBe(1);
    expect(await index.remove(entry.clipId)).toEqual({ removed: 1 });
  });

  test('of single hashes names the clips that have such a frame', async () => {
    const index = newIndex();
    const { clipId, film } = await added(index);
    await added(index);
    const [frame] = copyOf(film, 25).frames;
    if (frame === undefined) throw new Error('no frame');
    const single = { ...frame, views: frame.views.slice(0, 1) };
    expect(await index.matchHashes([single], 10)).toEqual([{ clipId, similarity: 90 }]);
    const half = await index.matchHashes([single, ...newFilm(1).frames.slice(0, 1)], 10);
    expect(half).toEqual([{ clipId, similarity: 45 }]);
  });

  test('of a film with nothing in it finds nothing', async () => {
    const index = newIndex();
    const dark = { ...newFilm(), frames: [{ at: 0, quality: 0, views: [noHash, noHash] }] };
    await added(index, dark);
    expect(await index.match(dark, 10)).toEqual([]);
    expect(await index.matchHashes(dark.frames, 10)).toEqual([]);
  });

  test('refuses what is no fingerprint', async () => {
    const index = newIndex();
    const film = newFilm();
    const tooMany = {
      ...film,
      frames: Array.from({ length: 241 }, () => film.frames[0] ?? { at: 0, quality: 0, views: [] }),
    };
    const noHex = { ...film, frames: [{ at: 0, quality: 1, views: ['zz'] }] };
    // Inside of the object: what an object throws over RPC is reported as unhandled as well.
    await runInDurableObject(index, async (object) => {
      await expect(object.match({ ...film, frames: [] }, 1)).rejects.toThrow();
      await expect(object.match(tooMany, 1)).rejects.toThrow();
      await expect(
        object.add({ clipId: newId('clip'), sourceId: newId('gen'), fingerprints: noHex }),
      ).rejects.toThrow();
    });
  });
});

describe('forgetting', () => {
  test('takes a clip out for good, also from whoever adds it late, and leaves others alone', async () => {
    const index = newIndex();
    const [gone, stays] = [await added(index), await added(index)];
    expect(await index.match(gone.film, 1)).toHaveLength(1);
    expect(await index.remove(gone.clipId)).toEqual({ removed: 1 });
    expect(await index.remove(gone.clipId)).toEqual({ removed: 0 });
    expect(await index.match(gone.film, 1)).toEqual([]);
    expect(await index.compare(gone.film, gone.clipId)).toBeNull();
    expect(await index.isForgotten(gone.clipId)).toBe(true);
    expect(await index.isForgotten(stays.clipId)).toBe(false);
    const late = { clipId: gone.clipId, sourceId: createId('upl', Date.now()), fingerprints: gone.film };
    expect(await index.add(late)).toBe(false);
    await evictDurableObject(index);
    expect(await index.match(gone.film, 1)).toEqual([]);
    expect(await index.match(stays.film, 1)).toMatchObject([{ clipId: stays.clipId }]);
    expect(await index.fingerprintsOf(gone.clipId)).toBeNull();
    expect((await index.fingerprintsOf(stays.clipId))?.frames).toEqual(stays.film.frames);
  });
});
