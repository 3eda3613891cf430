/** The streaming verifier against c2pa-wasm on the whole file: the same state, the same codes, about the same things. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '#core/provenance/byte-source.ts';
import { concat } from '#core/provenance/sign/jumbf-writer.ts';
import { verifyFragments } from '#core/provenance/verify-fragments.ts';
import type { TrustLists } from '#schemas/provenance.ts';
import { both, nodeDeps, opinionOf, theirs, verifyBytes } from '../support/provenance-oracle.ts';
import {
  app0,
  bmffFile,
  bmffHash,
  carriers,
  dataFile,
  flip,
  media,
  merkleRows,
  moov,
  noise,
  type Placed,
  plainHash,
  plainLayout,
  pngSignature,
  proofBoxes,
  scan,
  sha256,
} from '../support/provenance-shapes.ts';
import {
  app11,
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
const folder = join(process.env.KINORA_TESTDATA ?? '../shared/testdata', 'c2pa');
const mediaTypes: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.wav': 'audio/wav',
  '.mp4': 'video/mp4',
  '.m4s': 'video/mp4',
};

async function agree(bytes: Uint8Array, mediaType = 'video/mp4', trust = maker.trust): Promise<void> {
  const opinions = await both(bytes, mediaType, trust);
  expect(opinions.ours).toEqual(opinions.theirs);
}

async function stateOf(bytes: Uint8Array, mediaType = 'video/mp4'): Promise<string> {
  const result = await verifyBytes(bytes, mediaType, maker.trust);
  return result.ok ? result.value.report.state : result.error.code;
}

describe('one BMFF file', () => {
  it.each([
    ['c2pa.hash.bmff', 1],
    ['c2pa.hash.bmff.v2', 2],
    ['c2pa.hash.bmff.v3', 3],
  ])('%s: whole, and with any part changed', async (label, version) => {
    const file = await bmffFile(maker, plainLayout, (parts) => plainHash(parts, version), { label });
    expect(await stateOf(file)).toBe('Trusted');
    await agree(file);
    for (const at of [file.length - 5, file.length - media.length - 20, 30]) await agree(flip(file, at));
    await agree(file.subarray(0, file.length - 100));
    await agree(concat([file, box('free', new Uint8Array(9))]));
  });

  it.each<[string, (storeBox: Uint8Array) => Uint8Array[]]>([
    ['a 64-bit size', (store) => [ftyp, store, moov, box('mdat', media, true)]],
    [
      'media that runs to the end of the file',
      (store) => [ftyp, store, moov, withSize(box('mdat', media), 0)],
    ],
    [
      'media that claims more than there is',
      (store) => [ftyp, store, moov, withSize(box('mdat', media), 1e9)],
    ],
    ['the index behind the media', (store) => [ftyp, store, box('mdat', media), moov]],
    [
      'free space',
      (store) => [ftyp, store, box('free', noise(11)), moov, box('mdat', media), box('skip', noise(3))],
    ],
  ])('%s', async (_, layout) => {
    const file = await bmffFile(maker, layout, plainHash);
    expect(await stateOf(file)).toBe('Trusted');
    await agree(file);
    await agree(flip(file, file.length - 40));
  });

  it.each<[string, (parts: readonly Placed[]) => unknown]>([
    ['no exclusion', (parts) => ({ ...plainHash(parts), exclusions: [] })],
    ['an unknown algorithm', (parts) => ({ ...plainHash(parts), alg: 'md5' })],
    ['a hash of something elsewhere', (parts) => ({ ...plainHash(parts), url: 'https://example.org/x' })],
    [
      'paths that name nothing',
      (parts) => excluding(parts, [{ xpath: '/x' }, { xpath: '' }, { xpath: '/moov[2]' }]),
    ],
    ['an index', (parts) => excluding(parts, [{ xpath: '/moov/trak[1]/tkhd', length: 5 }])],
    [
      'flags',
      (parts) => excluding(parts, [{ xpath: '/moov/mvhd', flags: Uint8Array.of(1, 0, 0), exact: false }]),
    ],
    ['another version', (parts) => excluding(parts, [{ xpath: '/moov/mvhd', version: 99 }])],
    [
      'bytes beyond the file',
      (parts) => excluding(parts, [{ xpath: '/mdat', data: [{ offset: 49_990, value: noise(64) }] }]),
    ],
    [
      'overlapping parts',
      (parts) =>
        excluding(parts, [
          {
            xpath: '/mdat',
            subset: [
              { offset: 16, length: 99 },
              { offset: 50, length: 3 },
            ],
          },
        ]),
    ],
    [
      'parts out of order',
      (parts) =>
        excluding(parts, [
          {
            xpath: '/mdat',
            subset: [
              { offset: 160, length: 9 },
              { offset: 50, length: 3 },
            ],
          },
        ]),
    ],
  ])('an assertion with %s', async (_, hash) => {
    await agree(await bmffFile(maker, plainLayout, hash));
  });

  it('a box excluded but for its beginning, and said to be', async () => {
    const layout = (store: Uint8Array) => [ftyp, store, moov, box('free', noise(500)), box('mdat', media)];
    const file = await bmffFile(maker, layout, (parts) => ({
      ...excluding(parts, [{ xpath: '/free', subset: [{ offset: 100, length: 0 }] }]),
      hash: bmffHash(parts, { cut: { free: 100 } }),
    }));
    expect(await stateOf(file)).toBe('Trusted');
    await agree(file);
    await agree(flip(file, file.length - media.length - 20));
    await agree(flip(file, file.length - media.length - 450));
  });

  it.each(['update', 'original', 'merkle'] as const)('a store in a box for %s alone', async (purpose) => {
    await agree(await bmffFile(maker, plainLayout, plainHash, { wrap: (store) => c2paBox(purpose, store) }));
  });
});

describe('Merkle trees over the media of one file', () => {
  const blockSize = 4096;
  const blocks = cut(media.subarray(8), blockSize).map((block) => sha256(block));
  const map = { uniqueId: 0, localId: 0, count: blocks.length, alg: 'sha256', fixedBlockSize: blockSize };
  const treeHash = (maps: readonly unknown[], flat: boolean) => (parts: readonly Placed[]) => ({
    exclusions: merkleExclusions,
    alg: 'sha256',
    ...(flat ? { hash: bmffHash(parts, { cut: { mdat: 16 } }) } : {}),
    merkle: maps,
  });

  it.each<[string, number, boolean]>([
    ['every leaf signed', 0, true],
    ['every leaf signed and nothing else', 0, false],
    ['the second row signed, with proofs', 1, true],
    ['the third row signed, with proofs', 2, true],
  ])('%s', async (_, row, flat) => {
    const layout = (store: Uint8Array) => [
      ...plainLayout(store),
      ...(row === 0 ? [] : proofBoxes(blocks, row)),
    ];
    const maps = [{ ...map, hashes: merkleRows(blocks)[row] }];
    const file = await bmffFile(maker, layout, treeHash(maps, flat));
    expect(await stateOf(file)).toBe('Trusted');
    await agree(file);
    await agree(flip(file, file.indexOf(0x6d, file.length - media.length) + 30_000));
  });

  it('the root alone', async () => {
    const file = await bmffFile(
      maker,
      plainLayout,
      treeHash([{ ...map, hashes: merkleRows(blocks).at(-1) }], true),
    );
    expect(await stateOf(file)).toBe('Trusted');
    await agree(file);
    await agree(flip(file, file.length - 9));
  });

  it.each<[string, readonly unknown[]]>([
    ['a count that is too large', [{ ...map, count: blocks.length + 1, hashes: blocks }]],
    ['blocks of one byte', [{ ...map, fixedBlockSize: 1, hashes: blocks }]],
    ['two kinds of blocks', [{ ...map, variableBlockSizes: [1, 2], hashes: blocks }]],
    [
      'sizes that do not add up',
      [
        {
          ...map,
          fixedBlockSize: undefined,
          variableBlockSizes: [1, 2],
          count: 2,
          hashes: blocks.slice(0, 2),
        },
      ],
    ],
    ['an init hash where there are no fragments', [{ ...map, initHash: noise(32), hashes: blocks }]],
    [
      'more trees than media boxes',
      [
        { ...map, hashes: blocks },
        { ...map, localId: 1, hashes: blocks },
      ],
    ],
  ])('%s', async (_, maps) => {
    await agree(await bmffFile(maker, plainLayout, treeHash(maps.map(defined), true)));
  });

  it('blocks of different sizes', async () => {
    const sizes = [1000, 2000, media.length - 8 - 3000];
    const leaves = sizes.map((size, at) => {
      const start = 8 + sizes.slice(0, at).reduce((sum, one) => sum + one, 0);
      return sha256(media.subarray(start, start + size));
    });
    const { fixedBlockSize: _, ...rest } = map;
    const maps = [{ ...rest, count: 3, variableBlockSizes: sizes, hashes: leaves }];
    const file = await bmffFile(maker, plainLayout, treeHash(maps, true));
    expect(await stateOf(file)).toBe('Trusted');
    await agree(file);
    await agree(flip(file, file.length - 9));
  });
});

describe('Merkle trees over fragments', () => {
  it.each<[number, number]>([
    [1, 0],
    [2, 1],
    [3, 2],
  ])('version %i, row %i', async (version, row) => {
    const file = await fragmented(version, row);
    expect(await stateOf(file)).toBe('Trusted');
    await agree(file);
    await agree(flip(file, file.length - 9));
    await agree(flip(file, file.indexOf(0x6d, 5000)));
    await agree(file.subarray(0, file.length - 1010));
  });
});

describe.each(Object.entries(carriers))('a data hash in %s', (_, { mediaType, build }) => {
  it('whole, and with any part changed', async () => {
    const file = await dataFile(maker, build);
    expect(await stateOf(file, mediaType)).toBe('Trusted');
    await agree(file, mediaType);
    await agree(flip(file, file.length - 30), mediaType);
    await agree(concat([file, new Uint8Array(10)]), mediaType);
  });

  it.each<[string, Parameters<typeof dataFile>[2]]>([
    ['larger than the store', (right) => [{ start: right.start, length: right.length + 2 }]],
    ['beginning before it', (right) => [{ start: right.start - 3, length: right.length + 3 }]],
    ['beginning within it', (right) => [{ start: right.start + 1, length: right.length - 1 }]],
    [
      'in two pieces',
      (right) => [
        { start: right.start, length: 50 },
        { start: right.start + 50, length: right.length - 50 },
      ],
    ],
    ['and another', (right) => [{ start: 9, length: 1 }, right]],
    ['beyond the file', (right, file) => [right, { start: file.length - 5, length: 10 }]],
    ['of nothing', () => []],
  ])('an exclusion %s', async (_name, choose) => {
    await agree(await dataFile(maker, build, choose), mediaType);
  });
});

describe('a hash of boxes', () => {
  type Named = readonly [name: string, bytes: Uint8Array];
  const kinds: Readonly<Record<string, { mediaType: string; parts(store: Uint8Array): Named[] }>> = {
    png: {
      mediaType: 'image/png',
      parts: (store) => [
        ['PNGh', pngSignature],
        ['IHDR', pngChunk('IHDR', new Uint8Array(13))],
        ['C2PA', pngChunk('caBX', store)],
        ['IDAT', pngChunk('IDAT', scan)],
        ['IEND', pngChunk('IEND', new Uint8Array())],
      ],
    },
    jpeg: {
      mediaType: 'image/jpeg',
      parts: (store) => [
        ['SOI', Uint8Array.of(0xff, 0xd8)],
        ['APP0', app0],
        ['C2PA', app11(store, 1000)],
        ['APP11', jpegSegment(0xeb, new Uint8Array(40))],
        ['COM', jpegSegment(0xfe, noise(20))],
        ['DQT', jpegSegment(0xdb, noise(65))],
        ['SOF0', jpegSegment(0xc0, Uint8Array.of(8, 0, 8, 0, 8, 1, 1, 0x11, 0))],
        ['SOS', concat([jpegSegment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0)), scan])],
        ['EOI', Uint8Array.of(0xff, 0xd9)],
      ],
    },
  };
  const each = (names: readonly string[]) => names.map((name) => [name]);
  const runs = (names: readonly string[]) => {
    const at = names.indexOf('C2PA');
    return [names.slice(0, at), ['C2PA'], names.slice(at + 1)];
  };

  describe.each(Object.entries(kinds))('in %s', (_, { mediaType, parts }) => {
    const make = async (group: (names: readonly string[]) => (readonly string[])[]) => {
      let store = new Uint8Array(2500);
      for (let round = 0; round < 5; round += 1) {
        const named = parts(store);
        const bytesOf = (name: string) => named.find(([one]) => one === name)?.[1] ?? new Uint8Array();
        const boxes = group(named.map(([name]) => name)).map((names) => ({
          names,
          alg: 'sha256',
          hash: names[0] === 'C2PA' ? new Uint8Array(1) : sha256(...names.map(bytesOf)),
          pad: new Uint8Array(),
        }));
        store = new Uint8Array(
          await maker.makeStore([binding('c2pa.hash.boxes', { boxes })], { label: 'urn:c2pa:boxes' }),
        );
      }
      return concat(parts(store).map(([, bytes]) => bytes));
    };

    it.each([
      ['one by one', each],
      ['in runs', runs],
    ])('%s', async (_name, group) => {
      const file = await make(group);
      expect(await stateOf(file, mediaType)).toBe('Trusted');
      await agree(file, mediaType);
      await agree(flip(file, file.length - 30), mediaType);
    });

    it.each<[string, (names: readonly string[]) => (readonly string[])[]]>([
      ['in another order', (names) => [...each(names).slice(1), ...each(names).slice(0, 1)]],
      ['with the store in a run', (names) => [names]],
      ['without the first', (names) => each(names).slice(2)],
    ])('%s', async (_name, group) => {
      await agree(await make(group), mediaType);
    });
  });
});

describe.skipIf(!existsSync(folder))(
  'public files (KINORA_TESTDATA; skipped where the folder is absent)',
  () => {
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => extname(name) in mediaTypes) : [];
    const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
    const trust: TrustLists = {
      own: {
        name: 'Test',
        version: '1',
        issuedAt: null,
        pem: existsSync(folder) ? readFileSync(join(folder, 'test-trust-anchors.pem'), 'utf8') : '',
      },
    };

    it.each(names)('%s', async (name) => {
      await agree(read(name), mediaTypes[extname(name)], trust);
    });

    it.each(names)('%s with one bit changed near its end', async (name) => {
      const bytes = read(name);
      await agree(flip(bytes, bytes.length - 300), mediaTypes[extname(name)], trust);
    });

    it('an initialisation segment with a media segment of its own', async () => {
      const [init, segment] = [read('dashinit.mp4'), read('dash1.m4s')];
      const check = async (...segments: Uint8Array[]) => {
        const sources = segments.map((bytes) => bytesSource(bytes));
        const result = await verifyFragments(bytesSource(init), sources, trust, nodeDeps);
        if (!result.ok) throw new Error(result.error.code);
        const { state, failures } = opinionOf(result.value);
        return [state, ...failures.map((failure) => failure.split(' ')[0])];
      };
      expect(await check(segment)).toEqual(['Valid', 'signingCredential.untrusted']);
      const changed = ['Invalid', 'assertion.bmffHash.mismatch', 'signingCredential.untrusted'];
      expect(await check(flip(segment, segment.length - 9))).toEqual(changed);
      expect(await check(segment, segment)).toEqual(changed);
      expect(await check()).toEqual(changed);
      expect((await theirs(init, 'video/mp4', trust)) as object).toMatchObject({ state: 'Invalid' });
    });
  },
);

function withSize(bytes: Uint8Array, size: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(0, size);
  return copy;
}

function excluding(parts: readonly Placed[], exclusions: readonly unknown[]): Record<string, unknown> {
  return { ...plainHash(parts), exclusions: [...mandatoryExclusions, ...exclusions] };
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
}

function defined(map: unknown): unknown {
  return typeof map === 'object' && map !== null
    ? Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined))
    : map;
}

/** Five fragments, each with its proof in front. */
async function fragmented(version: number, row: number): Promise<Uint8Array> {
  const fragments = Array.from({ length: 5 }, (_, at) => [
    box('moof', concat([box('mfhd', noise(8, at)), box('traf', box('tfhd', noise(12, at)))])),
    box('mdat', noise(1000 + at, at)),
  ]);
  const empty = fragments.map(() => new Uint8Array(32));
  let proofs = proofBoxes(empty, row);
  const layout = (store: Uint8Array) => [
    ftyp,
    store,
    moov,
    ...fragments.flatMap((fragment, at) => [proofs[at] ?? new Uint8Array(), ...fragment]),
  ];
  return bmffFile(
    maker,
    layout,
    (parts) => {
      const starts = parts.flatMap(({ type }, at) => (type === 'moof' ? [at] : []));
      const leaves = starts.map((from, at) => bmffHash(parts.slice(from, starts[at + 1]), { version }));
      proofs = proofBoxes(leaves, row);
      const initHash = bmffHash(parts.slice(0, starts[0]), { version });
      const map = { uniqueId: 0, localId: 0, count: leaves.length, alg: 'sha256', initHash };
      return {
        exclusions: mandatoryExclusions,
        alg: 'sha256',
        merkle: [{ ...map, hashes: merkleRows(leaves)[row] }],
      };
    },
    { label: version === 1 ? 'c2pa.hash.bmff' : `c2pa.hash.bmff.v${version}` },
  );
}
