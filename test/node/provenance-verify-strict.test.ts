/** Where the streaming verifier says no and c2pa-wasm would not: bindings that bind nothing, or less than the whole. */
import { describe, expect, it } from 'vitest';
import { concat } from '#core/provenance/sign/jumbf-writer.ts';
import { opinionOf, theirs, verifyBytes } from '../support/provenance-oracle.ts';
import {
  app0,
  bmffFile,
  bmffHash,
  carriers,
  dataFile,
  media,
  merkleRows,
  moov,
  noise,
  plainHash,
  plainLayout,
  pngSignature,
  proofBoxes,
  scan,
  sha256,
} from '../support/provenance-shapes.ts';
import {
  binding,
  box,
  c2paBox,
  ftyp,
  jpegSegment,
  mandatoryExclusions,
  merkleExclusions,
  pngChunk,
  storeMaker,
} from '../support/provenance-stores.ts';

const maker = await storeMaker();

async function failuresOf(bytes: Uint8Array, mediaType = 'video/mp4'): Promise<readonly string[]> {
  const result = await verifyBytes(bytes, mediaType, maker.trust);
  if (!result.ok) return [result.error.code];
  const { state, failures } = opinionOf(result.value);
  return [state, ...failures.map((failure) => failure.split(' ')[0] ?? '')];
}

describe('a BMFF binding', () => {
  it('with neither hash nor tree is malformed', async () => {
    for (const merkle of [undefined, []]) {
      const file = await bmffFile(maker, plainLayout, () => ({
        exclusions: mandatoryExclusions,
        alg: 'sha256',
        ...(merkle === undefined ? {} : { merkle }),
      }));
      expect(await failuresOf(file)).toEqual(['Invalid', 'assertion.bmffHash.malformed']);
    }
  });

  it('that covers no byte, or no byte of the media, is malformed', async () => {
    const excluded = [...mandatoryExclusions, { xpath: '/mdat' }];
    const onlyIndex = await bmffFile(maker, plainLayout, (parts) => ({
      exclusions: excluded,
      alg: 'sha256',
      hash: bmffHash(parts.filter(({ type }) => type !== 'mdat')),
    }));
    expect((await theirs(onlyIndex, 'video/mp4', maker.trust)) as object).toMatchObject({ state: 'Trusted' });
    expect(await failuresOf(onlyIndex)).toEqual(['Invalid', 'assertion.bmffHash.malformed']);

    const nothing = await bmffFile(maker, plainLayout, () => ({
      exclusions: [...excluded, { xpath: '/moov' }],
      alg: 'sha256',
      hash: sha256(),
    }));
    expect(await failuresOf(nothing)).toEqual(['Invalid', 'assertion.bmffHash.malformed']);
  });

  it('over blocks does not let them change places, proofs and all', async () => {
    const size = 4096;
    const blocks = Array.from({ length: 13 }, (_, at) => media.subarray(8 + at * size, 8 + (at + 1) * size));
    const leaves = blocks.map((block) => sha256(block));
    const proofs = proofBoxes(leaves, 1);
    const swap = <T>([first, second, ...rest]: readonly T[]) =>
      [second, first, ...rest].filter((one) => one !== undefined);
    const swapped = concat([media.subarray(0, 8), ...swap(blocks)]);
    const file = await bmffFile(
      maker,
      (store) => [ftyp, store, moov, box('mdat', swapped), ...swap(proofs)],
      (parts) => ({
        exclusions: merkleExclusions,
        alg: 'sha256',
        hash: bmffHash(parts, { cut: { mdat: 16 } }),
        merkle: [
          {
            uniqueId: 0,
            localId: 0,
            count: leaves.length,
            alg: 'sha256',
            fixedBlockSize: size,
            hashes: merkleRows(leaves)[1],
          },
        ],
      }),
    );
    expect(await failuresOf(file)).toEqual(['Invalid', 'assertion.bmffHash.mismatch']);
  });

  it('whose hash is text that only looks like a hash is malformed', async () => {
    const file = await bmffFile(maker, plainLayout, (parts) => ({
      ...plainHash(parts),
      hash: `b64'${Buffer.from(bmffHash(parts)).toString('base64')}'`,
    }));
    expect(await failuresOf(file)).toEqual(['Invalid', 'assertion.bmffHash.malformed']);
  });

  it('over fragments that leaves out what comes before them is malformed', async () => {
    const fragment = [box('moof', box('mfhd', noise(8))), box('mdat', noise(900))];
    const file = await bmffFile(
      maker,
      (store) => [ftyp, store, moov, ...proofBoxes([new Uint8Array(32)], 0), ...fragment],
      (parts) => ({
        exclusions: mandatoryExclusions,
        alg: 'sha256',
        merkle: [
          {
            uniqueId: 0,
            localId: 0,
            count: 1,
            alg: 'sha256',
            hashes: [bmffHash(parts.slice(parts.findIndex(({ type }) => type === 'moof')))],
          },
        ],
      }),
    );
    expect(await failuresOf(file)).toEqual(['Invalid', 'assertion.bmffHash.malformed']);
  });
});

describe('a manifest', () => {
  it('that nothing binds is Invalid, whatever else holds', async () => {
    const store = await maker.makeStore([]);
    const file = concat([ftyp, c2paBox('manifest', store), moov, box('mdat', media)]);
    const [state, ...failures] = await failuresOf(file);
    expect(state).toBe('Invalid');
    expect(failures).toContain('claim.hardBindings.missing');
  });

  it('in a box that holds nothing is Invalid, not None', async () => {
    const file = concat([ftyp, c2paBox('manifest', new Uint8Array()), moov, box('mdat', media)]);
    expect(await failuresOf(file)).toEqual(['Invalid', 'general.error']);
  });

  it('that is there twice is Invalid', async () => {
    const file = await bmffFile(maker, (store) => [ftyp, store, store, moov, box('mdat', media)], plainHash);
    expect(await failuresOf(file)).toEqual(['Invalid', 'general.error']);
  });
});

describe('an update beside its original', () => {
  it('is Invalid where either is not one whole store', async () => {
    const store = await maker.makeStore([]);
    const withLength = (size: number) => {
      const copy = store.slice();
      new DataView(copy.buffer).setUint32(0, size);
      return copy;
    };
    for (const broken of [
      withLength(0),
      withLength(store.length - 1),
      concat([store, noise(9)]),
      noise(200),
    ]) {
      for (const [original, update] of [
        [broken, store],
        [store, broken],
      ] as const) {
        const boxes = [c2paBox('original', original), c2paBox('update', update)];
        expect(await failuresOf(concat([ftyp, ...boxes, moov, box('mdat', media)]))).toEqual([
          'Invalid',
          'general.error',
        ]);
      }
    }
  });
});

describe('a data hash', () => {
  it.each(Object.entries(carriers))('over no byte is malformed: %s', async (_, { mediaType, build }) => {
    const file = await dataFile(maker, build, (_right, bytes) => [{ start: 0, length: bytes.length }]);
    expect(await failuresOf(file, mediaType)).toEqual(['Invalid', 'assertion.dataHash.malformed']);
  });
});

describe('a hash of boxes', () => {
  const png = (store: Uint8Array): [string, Uint8Array][] => [
    ['PNGh', pngSignature],
    ['IHDR', pngChunk('IHDR', new Uint8Array(13))],
    ['C2PA', pngChunk('caBX', store)],
    ['IDAT', pngChunk('IDAT', scan)],
    ['IEND', pngChunk('IEND', new Uint8Array())],
  ];
  const make = async (change: (boxes: Record<string, unknown>[]) => Record<string, unknown>[]) => {
    let store: Uint8Array = new Uint8Array(2500);
    for (let round = 0; round < 5; round += 1) {
      const boxes = png(store).map(([name, bytes]) => ({
        names: [name],
        alg: 'sha256',
        hash: name === 'C2PA' ? new Uint8Array(1) : sha256(bytes),
        pad: new Uint8Array(),
      }));
      store = await maker.makeStore([binding('c2pa.hash.boxes', { boxes: change(boxes) })], {
        label: 'urn:c2pa:b',
      });
    }
    return concat(png(store).map(([, bytes]) => bytes));
  };

  it('that leaves the end of the file unlisted does not match', async () => {
    const file = await make((boxes) => boxes.slice(0, -1));
    expect((await theirs(file, 'image/png', maker.trust)) as object).toMatchObject({ state: 'Trusted' });
    expect(await failuresOf(file, 'image/png')).toEqual(['Invalid', 'assertion.boxesHash.mismatch']);
    const longer = concat([await make((boxes) => boxes), noise(9)]);
    expect(await failuresOf(longer, 'image/png')).toEqual(['Invalid', 'assertion.boxesHash.mismatch']);
  });

  it('that excludes everything is malformed', async () => {
    const file = await make((boxes) => boxes.map((one) => ({ ...one, excluded: true })));
    expect(await failuresOf(file, 'image/png')).toEqual(['Invalid', 'assertion.boxesHash.malformed']);
  });

  it('that excludes one part matches and says so', async () => {
    const file = await make((boxes) => boxes.map((one, at) => (at === 1 ? { ...one, excluded: true } : one)));
    const result = await verifyBytes(file, 'image/png', maker.trust);
    expect(result.ok && opinionOf(result.value).informational.join()).toContain(
      'assertion.boxesHash.additionalExclusionsPresent',
    );
    expect(result.ok && result.value.report.state).toBe('Trusted');
  });

  it('is not looked for in a picture that has none', async () => {
    const jpeg = concat([
      Uint8Array.of(0xff, 0xd8),
      app0,
      jpegSegment(0xfe, noise(9)),
      Uint8Array.of(0xff, 0xd9),
    ]);
    expect(await failuresOf(jpeg, 'image/jpeg')).toEqual(['None']);
  });
});
