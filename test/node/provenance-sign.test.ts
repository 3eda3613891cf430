/** The streaming signer by itself: files in every shape, in pieces of any size, broken in any way; COSE; manifests that are carried on. */
import { decode, Tagged } from 'cborg';
import fc from 'fast-check';
import {
  ALL_FORMATS,
  BufferSource,
  BufferTarget,
  Conversion,
  EncodedPacketSink,
  Input,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { beforeAll, describe, expect, it } from 'vitest';
import { bytesSource } from '#core/provenance/byte-source.ts';
import {
  encodeCoseSign1,
  encodeProtectedHeader,
  encodeSigStructure,
  es256SignatureBytes,
  reserveSize,
} from '#core/provenance/sign/cose.ts';
import {
  carriedManifests,
  type IngredientInput,
  LabelConflict,
  manifestsOf,
  type ValidationResults,
} from '#core/provenance/sign/ingredient.ts';
import { ingredientLabel, type ManifestInput } from '#core/provenance/sign/manifest.ts';
import type { ManifestSigner } from '#core/provenance/sign/sign-manifest.ts';
import { c2paUuid, manifestBox } from '#core/provenance/sign/uuid-box.ts';
import { validationResultsIn } from '#workers/provenance/signing/cr-json.ts';
import { makeMp4 } from '../support/make-mp4.ts';
import { chunkOffsets, movieLast, topBoxes, wideMedia, withBox } from '../support/mp4-shapes.ts';
import { makeSigningSecrets } from '../support/provenance-identity.ts';
import { localSigner, plainManifest, signBytes, verifyUnder } from '../support/provenance-signing.ts';

let film: Uint8Array<ArrayBuffer>;
let fragmented: Uint8Array<ArrayBuffer>;
let signer: ManifestSigner;
let root: string;

beforeAll(async () => {
  const secrets = await makeSigningSecrets();
  signer = localSigner(secrets);
  root = secrets.C2PA_TRUST_ANCHORS;
  film = await makeMp4({ seconds: 1 });
  fragmented = await remuxed(film);
});

/** The same packets in movie fragments. */
async function remuxed(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'fragmented' }), target });
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const conversion = await Conversion.init({ input, output });
  await conversion.execute();
  if (target.buffer === null) throw new Error('nothing was written');
  return new Uint8Array(target.buffer);
}

/** Every packet of every track, as a player would read it. */
async function packets(bytes: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const all: string[] = [];
  for (const track of await input.getTracks()) {
    for await (const packet of new EncodedPacketSink(track).packets()) {
      all.push(`${track.id} ${packet.timestamp} ${Buffer.from(packet.data).toString('base64')}`);
    }
  }
  return all;
}

const shapes: Record<string, () => Uint8Array<ArrayBuffer>> = {
  'movie header first': () => film,
  'movie header last': () => movieLast(film),
  'a 64-bit media box': () => wideMedia(film),
  'a media box that ends with the file and gives no size': () => {
    const open = film.slice();
    const last = topBoxes(open).at(-1);
    new DataView(open.buffer).setUint32(last?.start ?? 0, 0);
    return open;
  },
  'movie fragments': () => fragmented,
  'a free box and an unknown one': () =>
    withBox(withBox(film, 'free', new Uint8Array(99)), 'abcd', new Uint8Array(5)),
  'a uuid box of somebody else': () => withBox(film, 'uuid', new Uint8Array(40).fill(7)),
};

describe.each(Object.keys(shapes))('a film with %s', (name) => {
  const source = () => shapes[name]?.() ?? film;

  it('is Trusted when signed, and plays as before', async () => {
    const signed = await signBytes(source(), signer);
    if (!signed.ok) throw new Error(JSON.stringify(signed.error));
    const { report } = await verifyUnder(root, bytesSource(signed.value.file));
    expect(report.state).toBe('Trusted');
    expect(report.statuses.filter(({ outcome }) => outcome === 'failure')).toEqual([]);
    expect(report.binding).toMatchObject({ label: 'c2pa.hash.bmff.v3', result: 'match' });
    expect(await packets(signed.value.file)).toEqual(await packets(source()));
  });

  it('comes out the same whatever pieces it is read in', async () => {
    const input = plainManifest();
    const box = async (chunk: number) => {
      const signed = await signBytes(source(), signer, input, chunk);
      if (!signed.ok) throw new Error(JSON.stringify(signed.error));
      const slot = manifestBox(signed.value.store).length;
      const [fileType] = topBoxes(signed.value.file);
      return Buffer.from(signed.value.file.subarray((fileType?.end ?? 0) + slot));
    };
    const whole = await box(1 << 20);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 900 }), async (chunk) => {
        expect((await box(chunk)).equals(whole)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });
});

describe('offsets outside the movie header', () => {
  const box = (type: string, ...parts: Uint8Array[]) => {
    const content = Buffer.concat(parts);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(content.length + 8);
    head.write(type, 4, 'latin1');
    return new Uint8Array(Buffer.concat([head, content]));
  };
  const numbers = (...values: number[]) => {
    const all = Buffer.alloc(values.length * 4);
    values.forEach((value, at) => void all.writeUInt32BE(value, at * 4));
    return new Uint8Array(all);
  };
  const parts = [
    box('ftyp', new Uint8Array(16)),
    box('moov'),
    // tfhd: base-data-offset present · track · offset; then one without
    box(
      'moof',
      box('traf', box('tfhd', numbers(1, 1, 0, 100))),
      box('traf', box('tfhd', numbers(0x020000, 2))),
    ),
    box('mdat', new Uint8Array(32)),
    // tfra v0 and v1: track · sizes of the numbers (1, 2 and 4 bytes) · one entry: time, offset, numbers
    box(
      'mfra',
      box('tfra', numbers(0, 1, 0b000111, 1, 0, 100), new Uint8Array(7)),
      box('tfra', numbers(0x01000000, 1, 0, 1, 0, 0, 0, 100), new Uint8Array(3)),
    ),
  ];

  it('of fragments and their index move too, and nothing else does', async () => {
    const source = new Uint8Array(Buffer.concat(parts));
    const signed = await signBytes(source, signer);
    if (!signed.ok) throw new Error(JSON.stringify(signed.error));
    const { file } = signed.value;
    const delta = file.length - source.length;
    const behind = file.subarray(24 + delta);
    const changed: number[] = [];
    for (let at = 0; at < behind.length; at += 1) if (behind[at] !== source[24 + at]) changed.push(24 + at);
    const view = new DataView(file.buffer);
    const tfhd = delta + Buffer.from(source).indexOf('tfhd') + 16;
    const [first, second] = [Buffer.from(source).indexOf('tfra'), Buffer.from(source).lastIndexOf('tfra')];
    expect(view.getUint32(tfhd)).toBe(100 + delta);
    expect(view.getUint32(delta + first + 24)).toBe(100 + delta);
    expect(Number(view.getBigUint64(delta + second + 28))).toBe(100 + delta);
    expect(
      changed.every((at) =>
        [tfhd - delta, first + 24, second + 32].some((start) => at >= start && at < start + 4),
      ),
    ).toBe(true);
  });
});

describe('credentials a file came with', () => {
  it('are blanked where they lay, so that the file has one store', async () => {
    const first = await signBytes(film, signer);
    if (!first.ok) throw new Error('not signed');
    const second = await signBytes(first.value.file, signer);
    if (!second.ok) throw new Error('not signed');
    const { file } = second.value;
    expect(topBoxes(file).map(({ type }) => type)).toEqual(['ftyp', 'uuid', 'free', 'moov', 'mdat']);
    const behind = file.subarray(topBoxes(file)[1]?.end ?? 0);
    expect(Buffer.from(behind).indexOf(Buffer.from(c2paUuid))).toBe(-1);
    expect(Buffer.from(file).includes(Buffer.from(first.value.store.subarray(60, 160)))).toBe(false);
    expect((await verifyUnder(root, bytesSource(file))).report.state).toBe('Trusted');
    expect(await packets(file)).toEqual(await packets(film));
  });
});

describe('what cannot be signed', () => {
  const refusal = async (bytes: Uint8Array) => {
    const signed = await signBytes(bytes, signer);
    return signed.ok ? 'signed' : `${signed.error.code}: ${signed.error.message}`;
  };
  const patched = (at: number, value: number) => {
    const copy = film.slice();
    new DataView(copy.buffer).setUint32(at, value);
    return copy;
  };

  it('is refused with the reason', async () => {
    const [, movie, media] = topBoxes(film);
    if (movie === undefined || media === undefined) throw new Error('an odd film');
    expect(await refusal(new Uint8Array())).toContain('it is too short');
    expect(await refusal(film.subarray(movie.start))).toContain('does not start with a file type');
    expect(await refusal(film.subarray(0, -1))).toContain('reaches beyond');
    expect(await refusal(new Uint8Array([...film, 1, 2]))).toContain('breaks off');
    expect(
      await refusal(new Uint8Array([...film.subarray(0, movie.start), ...film.subarray(movie.end)])),
    ).toContain('no movie header');
    expect(await refusal(film.subarray(0, media.start))).toContain('no media data');
    expect(await refusal(new Uint8Array([...film, ...film.subarray(movie.start, movie.end)]))).toContain(
      'or several',
    );
    expect(await refusal(patched(0, 5000))).toContain('file type box is too long');
  });

  it('is an offset that no longer fits 32 bits', async () => {
    const [entry] = chunkOffsets(film);
    expect(await refusal(patched(entry?.at ?? 0, 0xffff_ff00))).toContain('over 4 GiB');
  });

  it('is a table that is longer than its box', async () => {
    const [entry] = chunkOffsets(film);
    expect(await refusal(patched((entry?.at ?? 4) - 4, 0x00ff_ffff))).toContain('table in it is longer');
  });

  it('never is a crash, and what is signed is never longer or shorter than it should be', async () => {
    const [, movie] = topBoxes(film);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(movie?.end ?? 1000), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.nat(film.length),
        fc.boolean(),
        async (bytes, cut, whole) => {
          const copy = film.slice();
          for (const [at, value] of bytes) copy[at] = value;
          const source = whole ? copy : copy.subarray(0, cut);
          const signed = await signBytes(source, signer);
          if (signed.ok) {
            expect(signed.value.file.length).toBe(source.length + manifestBox(signed.value.store).length);
          } else expect(signed.error.code).toBe('output_invalid');
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('COSE_Sign1', () => {
  const bytes = (max: number) => fc.uint8Array({ minLength: 1, maxLength: max });
  const chain = fc.array(bytes(3000), { minLength: 1, maxLength: 4 });
  const signature = fc.uint8Array({ minLength: es256SignatureBytes, maxLength: es256SignatureBytes });
  const token = fc.option(bytes(12_000), { nil: null });

  it('fills the reserved space to the byte, whatever the chain and the time stamp', () => {
    fc.assert(
      fc.property(chain, signature, token, (certificates, signed, stamp) => {
        const header = encodeProtectedHeader(certificates);
        const size = reserveSize(header, stamp === null ? 0 : 12_000);
        const envelope = encodeCoseSign1(header, signed, size, stamp);
        expect(envelope).toHaveLength(size);
        const sign1: unknown = decode(envelope, { tags: Tagged.preserve(18) });
        const value: unknown = sign1 instanceof Tagged ? sign1.value : null;
        expect(value).toMatchObject([
          header,
          stamp === null ? {} : { sigTst2: { tstTokens: [{ val: stamp }] } },
          null,
          signed,
        ]);
        const decoded: unknown = decode(header, { useMaps: true });
        expect(decoded).toEqual(
          new Map<number, unknown>([
            [1, -7],
            [33, certificates.length === 1 ? certificates[0] : certificates],
          ]),
        );
      }),
    );
  });

  it('is refused when the signature is not an ES256 one, or the time stamp does not fit', () => {
    fc.assert(
      fc.property(chain, bytes(200), (certificates, signed) => {
        fc.pre(signed.length !== es256SignatureBytes);
        const header = encodeProtectedHeader(certificates);
        expect(() => encodeCoseSign1(header, signed, reserveSize(header))).toThrow('reserved');
      }),
    );
    const header = encodeProtectedHeader([Uint8Array.of(1)]);
    const long = new Uint8Array(3000);
    expect(() => encodeCoseSign1(header, new Uint8Array(64), reserveSize(header, 1000), long)).toThrow(
      'reserved',
    );
  });

  it('signs context, header and payload (RFC 9052 §4.4)', () => {
    const header = encodeProtectedHeader([Uint8Array.of(1, 2, 3)]);
    expect(decode(encodeSigStructure(header, Uint8Array.of(9)))).toEqual([
      'Signature1',
      header,
      new Uint8Array(),
      Uint8Array.of(9),
    ]);
  });
});

describe('manifests that are carried on', () => {
  it('are told apart by name, and refused if one name has two contents', async () => {
    const stores = [];
    for (const title of ['one', 'two']) {
      const signed = await signBytes(film, signer, plainManifest({ label: 'urn:c2pa:same:kinora', title }));
      if (!signed.ok) throw new Error('not signed');
      stores.push(signed.value.store);
    }
    const inputs = stores.map(
      (store): IngredientInput => ({
        title: 't',
        mediaType: 'video/mp4',
        relationship: 'inputTo',
        instanceId: 'i',
        credentials: {
          store,
          validationResults: { activeManifest: { success: [], informational: [], failure: [] } },
        },
      }),
    );
    expect(() => carriedManifests(inputs)).toThrow(LabelConflict);
    const [only] = inputs;
    expect(only === undefined ? [] : carriedManifests([only, only]).map(({ label }) => label)).toEqual([
      'urn:c2pa:same:kinora',
    ]);
  });

  it('are looked for in anything without harm', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => void manifestsOf(noise)));
    fc.assert(fc.property(fc.anything(), (document) => void validationResultsIn(document)));
  });

  it('reach a depth of fifty, Trusted all the way', async () => {
    let parent: IngredientInput['credentials'] = null;
    const labels: string[] = [];
    let usual = 0;
    for (let depth = 0; depth <= 50; depth += 1) {
      const input = parent === null ? plainManifest() : remixOf(parent);
      const signed = await signBytes(film, signer, input);
      if (!signed.ok) throw new Error(JSON.stringify(signed.error));
      labels.push(input.label);
      const { store, file } = signed.value;
      if (depth > readInFull && depth < 50) {
        parent = { store, validationResults: asIfRead(parent, labels) };
        continue;
      }
      const { report, crJson } = await verifyUnder(root, bytesSource(file));
      expect(report.state).toBe('Trusted');
      expect(report.statuses.filter(({ outcome }) => outcome === 'failure')).toEqual([]);
      expect(report.manifests.map(({ label }) => label).toSorted()).toEqual(labels.toSorted());
      const validationResults = validationResultsIn(crJson);
      if (validationResults === null) throw new Error('no results');
      parent = { store, validationResults };
      if (depth === readInFull) usual = report.statuses.length;
      // What was recorded along the chain is what is found: nothing new is said about the ancestors.
      if (depth === 50) expect(report.statuses).toHaveLength(usual);
    }
  });
});

/** From here to the end of the chain the results of a remix are those of the one before, with other names: reading each would take a minute. */
const readInFull = 4;

function asIfRead(parent: IngredientInput['credentials'], labels: readonly string[]): ValidationResults {
  const [oldest = '', before = '', now = ''] = labels.slice(-3);
  const text = JSON.stringify(parent?.validationResults).replaceAll(
    new RegExp(`${oldest}|${before}`, 'g'),
    (label) => (label === oldest ? before : now),
  );
  return JSON.parse(text);
}

function remixOf(parent: IngredientInput['credentials']): ManifestInput {
  const input = plainManifest({
    ingredients: [
      {
        title: 'p',
        mediaType: 'video/mp4',
        relationship: 'inputTo',
        instanceId: 'p',
        credentials: parent,
      },
    ],
  });
  return {
    ...input,
    actions: input.actions.map((action) => ({ ...action, ingredients: [ingredientLabel] })),
  };
}
