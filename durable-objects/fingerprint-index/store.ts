/** SQL of the fingerprints of our clips, one row a rendition, and of the clips that were forgotten. Used by the FingerprintIndex object. */
import type { AudioFingerprint } from '#core/fingerprint/index.ts';
import { type PackedFrames, wordsFromBytes, wordsToBytes } from '#core/fingerprint/packed.ts';
import type { Id } from '#schemas/ids.ts';

export interface StoredRendition {
  readonly position: number;
  readonly clipId: Id<'clip'>;
  readonly frames: PackedFrames;
  readonly audio: AudioFingerprint | null;
}

interface Row extends Record<string, SqlStorageValue> {
  position: number;
  clip_id: string;
  at: string;
  views: number;
  words: ArrayBuffer;
  audio: string | null;
}

const columns = 'position, clip_id, at, views, words, audio';

export class RenditionsStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** @returns its position; null when this rendition is there already */
  add(
    clipId: Id<'clip'>,
    sourceId: string,
    { at, views, words }: PackedFrames,
    probes: Uint32Array,
    audio: AudioFingerprint | null,
  ): number | null {
    const [row] = this.#sql
      .exec<{ position: number }>(
        `INSERT INTO renditions (clip_id, source_id, at, views, words, probes, audio) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (source_id) DO NOTHING RETURNING position`,
        clipId,
        sourceId,
        JSON.stringify(at),
        views,
        wordsToBytes(words),
        wordsToBytes(probes),
        audio === null ? null : JSON.stringify(audio),
      )
      .toArray();
    return row?.position ?? null;
  }

  at(position: number): StoredRendition | null {
    const [row] = this.#sql
      .exec<Row>(`SELECT ${columns} FROM renditions WHERE position = ?`, position)
      .toArray();
    return row === undefined ? null : stored(row);
  }

  of(clipId: Id<'clip'>): StoredRendition[] {
    return this.#sql
      .exec<Row>(`SELECT ${columns} FROM renditions WHERE clip_id = ? ORDER BY position`, clipId)
      .toArray()
      .map(stored);
  }

  /** What is looked up by, of everything, one at a time: the whole is larger than memory. */
  *probes(): Generator<{ position: number; words: Uint32Array }> {
    for (const row of this.#sql.exec<{ position: number; probes: ArrayBuffer }>(
      'SELECT position, probes FROM renditions ORDER BY position',
    )) {
      yield { position: row.position, words: wordsFromBytes(row.probes) };
    }
  }

  /** Takes a clip out and notes that it is forgotten. @returns positions of what there was */
  forget(clipId: Id<'clip'>): number[] {
    this.#sql.exec('INSERT INTO forgotten (clip_id) VALUES (?) ON CONFLICT DO NOTHING', clipId);
    return this.#sql
      .exec<{ position: number }>('DELETE FROM renditions WHERE clip_id = ? RETURNING position', clipId)
      .toArray()
      .map(({ position }) => position);
  }

  isForgotten(clipId: Id<'clip'>): boolean {
    return this.#sql.exec('SELECT 1 FROM forgotten WHERE clip_id = ?', clipId).toArray().length > 0;
  }
}

function stored(row: Row): StoredRendition {
  return {
    position: row.position,
    clipId: row.clip_id as Id<'clip'>,
    frames: { at: JSON.parse(row.at) as number[], views: row.views, words: wordsFromBytes(row.words) },
    audio: row.audio === null ? null : (JSON.parse(row.audio) as AudioFingerprint),
  };
}
