/** What the check page and the command line share, and what the page does by itself in a browser: words, trees, pictures, hashes, size of the reader. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { createSHA256, createSHA384, createSHA512 } from 'hash-wasm';
import { describe, expect, test } from 'vitest';
import { judgeAlone } from '../../core/provenance/explain/judge-alone.ts';
import { findPicture } from '../../core/provenance/explain/jumbf-resource.ts';
import {
  actionName,
  relationshipName,
  sourceTypeName,
} from '../../core/provenance/explain/manifest-words.ts';
import {
  maxNodes,
  type ProvenanceNode,
  provenanceTree,
} from '../../core/provenance/explain/provenance-tree.ts';
import { explain, explainedCodes } from '../../core/provenance/explain/status-explanations.ts';
import {
  layerName,
  makerWords,
  resultWords,
  stateWords,
  tallyOf,
  trustModelWords,
  verdictWords,
  walkEvidence,
} from '../../core/provenance/explain/verdict-words.ts';
import { digitalSourceTypes } from '../../schemas/engine.ts';
import { uploadStatuses } from '../../schemas/http/uploads.ts';
import {
  ingredientRelationships,
  type ProvenanceReport,
  trustModels,
  validationStates,
} from '../../schemas/provenance.ts';
import { type EvidenceNode, evidenceLayers, evidenceResults, verdicts } from '../../schemas/verdict.ts';
import { checkSteps, isSettled, nextWords, statusWords } from '../../web/src/upload/upload-words.ts';
import { blobSource } from '../../web/src/verify/blob-source.ts';
import { readerMegabytes } from '../../web/src/verify/local-check.ts';
import { storeOfFile } from '../../web/src/verify/store-of.ts';
import { wasmHashers } from '../../web/src/verify/wasm-hasher.ts';

const report = (change: Partial<ProvenanceReport> = {}): ProvenanceReport => ({
  state: 'None',
  verifiedAt: '2026-11-22T12:00:00.000Z',
  manifest: null,
  statuses: [],
  trust: [],
  trustLists: [],
  trustModel: null,
  binding: null,
  remoteManifestUrl: null,
  manifests: [],
  softBindings: [],
  store: [],
  ...change,
});
const manifest = (change: Partial<NonNullable<ProvenanceReport['manifest']>> = {}) => ({
  label: 'urn:c2pa:active',
  title: 'A film',
  claimGenerator: { name: 'Tool', version: '1' },
  signer: { commonName: 'Signer', organization: 'Org', algorithm: 'Es256' },
  signedAt: null,
  actions: [],
  ingredients: [],
  assertions: [],
  revocationUrl: null,
  ...change,
});

describe('words', () => {
  test('every verdict has a headline of its own, a sentence, a shape and a tone', () => {
    const all = verdicts.map(verdictWords);
    expect(new Set(all.map(({ headline }) => headline)).size).toBe(verdicts.length);
    for (const { headline, meaning } of all) {
      expect(headline).toMatch(/^[A-Z]/);
      expect(meaning).toMatch(/^[A-Z].*\.$/);
    }
    expect(verdicts.filter((verdict) => verdictWords(verdict).tone === 'good')).toEqual([
      'made-here',
      'trusted',
    ]);
    expect(verdicts.filter((verdict) => verdictWords(verdict).tone === 'bad')).toEqual([
      'tampered',
      'counterfeit',
    ]);
    // Never by colour alone: a tone has one symbol, and no symbol stands for two tones.
    expect(new Set(all.map(({ tone, symbol }) => tone + symbol)).size).toBe(4);
    expect(new Set(all.map(({ symbol }) => symbol)).size).toBe(4);
  });

  test('nothing is called authentic, and nothing is called not AI', () => {
    const said = verdicts.map((verdict) => Object.values(verdictWords(verdict)).join(' ')).join(' ');
    expect(said).not.toMatch(/authentic|genuine|not (?:made by )?(?:an? )?AI|\breal\b/i);
  });

  test('whoever made a clip is not said to have made a file that was changed, or one that was uploaded', () => {
    const said = (verdict: (typeof verdicts)[number], actions: string[]) => {
      const all = actions.map((action) => ({
        action,
        when: null,
        digitalSourceType: null,
        softwareAgent: null,
      }));
      const { layers } = judgeAlone(
        report({ manifest: manifest({ actions: all }) }),
        { size: 1, mediaType: 'video/mp4', sha256: '' },
        { reason: 'x.' },
      );
      return makerWords({ verdict, layers });
    };
    expect(said('made-here', ['c2pa.created'])).toBe('Made here by');
    expect(said('made-here', ['c2pa.opened', 'c2pa.published'])).toBe('Uploaded here by');
    for (const verdict of verdicts.filter((one) => one !== 'made-here'))
      expect(said(verdict, ['c2pa.created'])).not.toMatch(/^Made/);
  });

  test('every value of the contract has words', () => {
    for (const result of evidenceResults) expect(resultWords(result).word).toBe(result);
    for (const layer of evidenceLayers) expect(layerName(layer)).toMatch(/\S/);
    for (const state of validationStates) expect(stateWords(state)).toMatch(/\S/);
    for (const model of [...trustModels, null]) expect(trustModelWords(model)).toMatch(/\S/);
    for (const type of digitalSourceTypes)
      expect(sourceTypeName(`http://cv.iptc.org/newscodes/digitalsourcetype/${type}`)).not.toBe(type);
    for (const relation of ingredientRelationships) expect(relationshipName(relation)).not.toBe(relation);
    expect(actionName('c2pa.watermarked.bound')).toMatch(/watermark/);
    // Names come from files: an inherited property is not a word.
    for (const name of [actionName, relationshipName]) expect(name('constructor')).toBe('constructor');
  });

  test('every state of an upload has words, and those that end without a draft say what to do', () => {
    for (const status of uploadStatuses) {
      for (const stage of [null, ...checkSteps]) {
        const upload = { status, stage, clipId: null, parts: [], verification: null };
        expect(statusWords(upload)).toMatch(/^[A-Z]/);
      }
    }
    const bare = { clipId: null, verification: null };
    for (const status of ['review', 'refused', 'failed', 'expired'] as const)
      expect(nextWords({ status, ...bare })).toMatch(/\.$/);
    expect(uploadStatuses.filter((status) => !isSettled({ status }))).toEqual(['checking', 'review']);
  });

  test('every status code that the reader can give has a sentence of its own', () => {
    const path = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
    const found = readFileSync(path, 'latin1').matchAll(
      /(?:claimSignature|claim|signingCredential|timeStamp|timeOfSigning|assertion|ingredient|manifest|algorithm|hashedURI|general|cawg)(?:\.[A-Za-z_-][\w-]*)+/g,
    );
    // Strings lie in the file without anything between them, so a code may run on into the next; source files and labels are no codes.
    const noCode = /\.(?:rs|json|metadata|v\d)|^cawg\.(?:identity(?:__\d*)?$|x\d*(?:$|\.cawg))/;
    const codes = [...new Set([...found].map(([code]) => code))].filter((code) => !noCode.test(code));
    expect(codes.length).toBeGreaterThan(80);
    expect(codes.filter((code) => !explainedCodes.some((known) => code.startsWith(known)))).toEqual([]);
    for (const code of explainedCodes) expect(explain(code)).toMatch(/^[A-Z].*\.$/);
  });

  test('the size of the reader that the page names is the size of the reader', () => {
    const path = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
    expect(Math.round(statSync(path).size / 1e6)).toBe(readerMegabytes);
  });
});

describe('a verdict without a server', () => {
  const file = { size: 10, mediaType: 'video/mp4', sha256: '' };

  test('says of everything it did not look at that it is unknown, and why', () => {
    const said = judgeAlone(report(), file, { reason: 'It stayed here.' });
    expect(said.verdict).toBe('no-credentials');
    const by = new Map([...walkEvidence(said.evidence)].map(({ node }) => [node.id, node]));
    for (const id of ['watermark', 'fingerprint', 'registry'])
      expect(by.get(id)).toMatchObject({ result: 'unknown', reason: 'It stayed here.' });
    expect(said.layers.watermark.status).toBe('not-checked');
    expect(said.limits.join(' ')).toMatch(/withdrawn/);
    expect(said.maker).toBeNull();
  });

  test('never names the official list for anchors that somebody brought along', () => {
    const trusted = report({
      state: 'Trusted',
      trustModel: 'c2pa',
      manifest: manifest(),
      binding: { label: 'c2pa.hash.bmff.v3', kind: 'bmff', result: 'match', covers: 9, of: 10 },
    });
    const official = judgeAlone(trusted, file, { reason: 'x.' });
    const own = judgeAlone(trusted, file, { reason: 'x.', listName: 'my own list' });
    expect(own.verdict).toBe('trusted');
    expect(JSON.stringify(official)).toContain('official C2PA trust list');
    expect(JSON.stringify(own)).not.toContain('official C2PA trust list');
    expect(own.summary).toContain('my own list');
  });
});

describe('the evidence tree', () => {
  const node = fc.letrec<{ node: EvidenceNode }>((tie) => ({
    node: fc.record({
      id: fc.string(),
      layer: fc.constantFrom(...evidenceLayers),
      claim: fc.string(),
      check: fc.string(),
      result: fc.constantFrom(...evidenceResults),
      reason: fc.string(),
      children: fc.oneof(
        { maxDepth: 4 },
        fc.constant<EvidenceNode[]>([]),
        fc.array(tie('node'), { maxLength: 3 }),
      ),
    }),
  })).node;

  test('is counted and walked whole, parents first', () => {
    fc.assert(
      fc.property(node, (root) => {
        const walked = [...walkEvidence(root)];
        const count = (one: EvidenceNode): number =>
          1 + one.children.reduce((sum, child) => sum + count(child), 0);
        const tally = tallyOf(root);
        expect(walked.length).toBe(count(root));
        expect(tally.proved + tally.contradicted + tally.unknown).toBe(walked.length);
        for (const [index, { node: one, depth }] of walked.entries()) {
          const above = walked.slice(0, index).findLast((other) => other.depth < depth);
          if (index > 0) expect(above?.node.children).toContain(one);
        }
      }),
    );
  });

  test('that is very deep does not break the page', () => {
    let root: EvidenceNode = {
      id: 'x',
      layer: 'manifest',
      claim: '',
      check: '',
      result: 'unknown',
      reason: '',
      children: [],
    };
    for (let depth = 0; depth < 50_000; depth += 1) root = { ...root, children: [root] };
    expect(tallyOf(root).unknown).toBe(50_001);
  });
});

describe('the provenance tree', () => {
  const raw = (label: string, sources: readonly (string | null)[]) => ({
    label,
    assertions: Object.fromEntries(
      sources.map((source, index) => [
        `c2pa.ingredient.v3${index === 0 ? '' : `__${index}`}`,
        {
          'dc:title': `of ${label}`,
          relationship: 'componentOf',
          ...(source === null ? {} : { activeManifest: { url: `self#jumbf=/c2pa/${source}` } }),
        },
      ]),
    ),
    'claim.v2': { claim_generator_info: { name: `tool of ${label}` } },
    signature: { certificateInfo: { subject: { O: `signer of ${label}` } } },
  });
  const ingredient = (label: string | null) => ({
    title: 'source',
    relationship: 'parentOf',
    clipId: null,
    state: 'Valid' as const,
    manifest: label,
    thumbnail: null,
  });
  const count = (node: ProvenanceNode): number =>
    1 + node.children.reduce((sum, child) => sum + count(child), 0);
  const depth = (node: ProvenanceNode): number => 1 + Math.max(0, ...node.children.map(depth));

  test('goes as deep as the raw record does', () => {
    const chain = Array.from({ length: 50 }, (_, index) =>
      raw(`m${index}`, index < 49 ? [`m${index + 1}`] : [null]),
    );
    const tree = provenanceTree(report({ manifest: manifest({ ingredients: [ingredient('m0')] }) }), {
      manifests: chain,
    });
    expect(tree === null ? 0 : depth(tree)).toBe(52);
    expect(tree?.children[0]?.children[0]).toMatchObject({
      label: 'm1',
      signer: 'signer of m1',
      claimGenerator: 'tool of m1',
    });
  });

  test('ends, and stays small, for records that name each other in circles or fan out without end', () => {
    const labels = ['a', 'b', 'c', 'd'];
    const manifests = labels.map((label) => raw(label, labels));
    const tree = provenanceTree(report({ manifest: manifest({ ingredients: labels.map(ingredient) }) }), {
      manifests,
    });
    expect(tree === null ? 0 : count(tree)).toBeLessThanOrEqual(maxNodes);
    const itself = provenanceTree(
      report({ manifest: manifest({ label: 'a', ingredients: [ingredient('a')] }) }),
      {
        manifests: [raw('a', ['a'])],
      },
    );
    expect(itself === null ? 0 : count(itself)).toBeLessThanOrEqual(3);
  });

  test('is total: whatever shape the raw record has', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const tree = provenanceTree(report({ manifest: manifest({ ingredients: [ingredient('x')] }) }), {
          manifests: [{ label: 'x', assertions: { 'c2pa.ingredient': value, 'c2pa.actions': value } }, value],
        });
        expect(tree?.children).toHaveLength(1);
      }),
    );
  });
});

describe('pictures in a manifest store', () => {
  const box = (type: string, ...parts: Uint8Array[]) => {
    const size = 8 + parts.reduce((sum, part) => sum + part.length, 0);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(size);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, ...parts]);
  };
  const superbox = (label: string, ...parts: Uint8Array[]) =>
    box('jumb', box('jumd', Buffer.alloc(16), Buffer.from([3]), Buffer.from(`${label}\0`)), ...parts);
  const picture = Buffer.from([0xff, 0xd8, 1, 2, 3]);
  const store = (mediaType: string) =>
    superbox(
      'c2pa',
      superbox(
        'urn:c2pa:1',
        superbox(
          'c2pa.assertions',
          superbox('other', box('cbor', Buffer.from([0xa0]))),
          superbox(
            'c2pa.thumbnail.ingredient.jpeg',
            box('bfdb', Buffer.from([0]), Buffer.from(`${mediaType}\0`)),
            box('bidb', picture),
          ),
        ),
      ),
    );
  const uri = 'self#jumbf=/c2pa/urn:c2pa:1/c2pa.assertions/c2pa.thumbnail.ingredient.jpeg';

  test('are found by their address', () => {
    const found = findPicture(store('image/jpeg'), uri);
    expect(found?.mediaType).toBe('image/jpeg');
    expect(Buffer.from(found?.bytes ?? []).equals(picture)).toBe(true);
  });

  test.each([
    ['an address that leads nowhere', 'image/jpeg', uri.replace('jpeg', 'png')],
    ['something that is not a picture', 'image/jpeg', 'self#jumbf=/c2pa/urn:c2pa:1/c2pa.assertions/other'],
    ['a picture that could carry a script', 'image/svg+xml', uri],
    ['a relative address', 'image/jpeg', 'self#jumbf=c2pa.assertions/c2pa.thumbnail.ingredient.jpeg'],
    ['an address of another file', 'image/jpeg', 'https://example.org/x.jpg'],
  ])('none for %s', (_, mediaType, address) => {
    expect(findPicture(store(mediaType), address)).toBeNull();
  });

  test('never read beyond a damaged store', () => {
    const whole = store('image/jpeg');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: whole.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: whole.length }),
        (at, value, end) => {
          const copy = Buffer.from(whole.subarray(0, end));
          if (at < copy.length) copy[at] = value;
          const found = findPicture(copy, uri);
          expect(found === null || found.bytes.length <= copy.length).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('come out of a file by the ranges of its report, up to a limit', async () => {
    const bytes = randomBytes(100);
    const file = new Blob([bytes]);
    const cut = await storeOfFile(file, [
      { start: 10, end: 20 },
      { start: 50, end: 51 },
    ]);
    expect(
      Buffer.from(cut ?? []).equals(Buffer.concat([bytes.subarray(10, 20), bytes.subarray(50, 51)])),
    ).toBe(true);
    expect(await storeOfFile(file, [])).toBeNull();
    expect(await storeOfFile(file, [{ start: 0, end: 2 ** 30 }])).toBeNull();
  });
});

describe('reading in the browser', () => {
  test('hashers share an instance and still know only their own bytes', async () => {
    const createHasher = await wasmHashers({
      sha256: createSHA256,
      sha384: createSHA384,
      sha512: createSHA512,
    });
    const algorithms = ['sha256', 'sha384', 'sha512'] as const;
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...algorithms), { minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(5), fc.uint8Array({ maxLength: 300 })), { maxLength: 40 }),
        (kinds, script) => {
          const pairs = kinds.map((kind) => ({ ours: createHasher(kind), theirs: createHash(kind) }));
          for (const [which, bytes] of script) {
            const pair = pairs[which % pairs.length];
            pair?.ours.update(bytes);
            pair?.theirs.update(bytes);
          }
          for (const { ours, theirs } of pairs) {
            expect(Buffer.from(ours.digest()).toString('hex')).toBe(theirs.digest('hex'));
          }
        },
      ),
    );
  });

  test('a file comes in order, in pieces, and a file that shrank meanwhile is an error', async () => {
    const bytes = randomBytes(9 * 1024 * 1024 + 5);
    const seen: number[] = [];
    const source = blobSource(new Blob([bytes]), (read) => seen.push(read));
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.stream(3, bytes.length)) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(bytes.subarray(3))).toBe(true);
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(seen.at(-1)).toBe(bytes.length);
    await expect(source.read(bytes.length - 1, bytes.length + 1)).rejects.toThrow();
  });
});
