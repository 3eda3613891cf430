/** `kinora verify FILE` as somebody types it: the words, the exit codes, what is sent (nothing, unless asked), and what happens to hostile names. */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeAlone } from '../../core/provenance/explain/judge-alone.ts';
import { concat } from '../../core/provenance/sign/jumbf-writer.ts';
import { type Verification, verdicts, verificationSchema } from '../../schemas/verdict.ts';
import { exitCodeOf, verifyCommand } from '../../scripts/verify-file.ts';
import { resultText } from '../../scripts/verify-text.ts';
import { binding, pngChunk, type StoreMaker, storeMaker } from '../support/provenance-stores.ts';

const folder = mkdtempSync(join(tmpdir(), 'kinora-cli-'));
const entry = resolve(import.meta.dirname, '../../scripts/kinora.mjs');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  code: number | null;
  out: string;
  err: string;
}

/** The command in this process: a process of its own is started where that is what the test is about. */
async function kinora(command: 'verify', ...args: string[]): Promise<Ran> {
  expect(command).toBe('verify');
  let [out, err] = ['', ''];
  const code = await verifyCommand(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    colour: false,
    progress: false,
  });
  return { code, out, err };
}

function start(...args: string[]): Promise<Ran> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [entry, ...args], { env: { ...process.env, NO_COLOR: '1' } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.on('close', (code) => done({ code, out, err }));
  });
}

const at = (name: string) => join(folder, name);
const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const head = concat([signature, pngChunk('IHDR', new Uint8Array(13))]);

/** A picture with credentials over everything but themselves. */
async function signedPng(maker: StoreMaker, picture: Uint8Array): Promise<Uint8Array> {
  const tail = concat([pngChunk('IDAT', picture), pngChunk('IEND', new Uint8Array())]);
  const hash = createHash('sha256').update(head).update(tail).digest();
  const make = (length: number) =>
    maker.makeStore(
      [
        binding('c2pa.hash.data', {
          exclusions: [{ start: head.length, length }],
          alg: 'sha256',
          hash: new Uint8Array(hash),
          pad: new Uint8Array(8),
        }),
      ],
      { label: 'urn:c2pa:11111111-2222-4333-8444-555555555555' },
    );
  // The length is as wide whatever it is, from 256 bytes to 64 KiB.
  const { length } = await make(10_000);
  const store = await make(length + 12);
  return concat([head, pngChunk('caBX', store), tail]);
}

let signed: Uint8Array;
beforeAll(async () => {
  const maker = await storeMaker();
  signed = await signedPng(maker, new Uint8Array(randomBytes(2000)));
  writeFileSync(at('signed.png'), signed);
  const changed = signed.slice();
  const last = changed.length - 40;
  changed[last] = (changed[last] ?? 0) ^ 1;
  writeFileSync(at('changed.png'), changed);
  writeFileSync(
    at('plain.png'),
    concat([head, pngChunk('IDAT', new Uint8Array(9)), pngChunk('IEND', new Uint8Array())]),
  );
  writeFileSync(at('roots.pem'), maker.trust.own.pem);
  writeFileSync(at('noise.mp4'), randomBytes(5000));
  mkdirSync(at('folder.png'));
});

describe('the exit code follows the verdict', () => {
  test('0: signed by somebody whom --trust names', async () => {
    const { code, out } = await kinora('verify', at('signed.png'), '--trust', at('roots.pem'));
    expect(out).toContain('✓ Signed by a listed signer');
    expect(out).toContain('the list given with --trust');
    expect(out).not.toContain('official C2PA');
    expect(code).toBe(0);
  });

  test('1: changed after it was signed', async () => {
    const { code, out } = await start('verify', at('changed.png'), '--trust', at('roots.pem'));
    expect(out).toContain('✗ Changed after it was signed');
    expect(out).toContain('assertion.dataHash.mismatch');
    expect(code).toBe(1);
  });

  test('2: intact, but of a signer nobody vouches for', async () => {
    const { code, out } = await kinora('verify', at('signed.png'));
    expect(out).toContain('~ Intact, signer unknown');
    expect(out).toContain('Nothing was sent.');
    expect(code).toBe(2);
  });

  test('2: nothing found, which is said to mean nothing', async () => {
    const { code, out } = await kinora('verify', at('plain.png'));
    expect(out).toContain('? No evidence found');
    expect(out).toMatch(/says nothing about how it was made/);
    expect(code).toBe(2);
  });

  test.each([
    ['noise.mp4', /noise\.mp4: .+\./],
    ['folder.png', /is not a file/],
    ['missing.png', /there is no such file/],
  ])('3: %s cannot be read', async (name, words) => {
    const { code, out, err } = await kinora('verify', at(name));
    expect(err).toMatch(words);
    expect(out).toBe('');
    expect(code).toBe(3);
  });

  test('of every verdict is 0 only where somebody is trusted, 1 only where something is wrong', () => {
    expect(verdicts.filter((verdict) => exitCodeOf(verdict) === 0)).toEqual(['made-here', 'trusted']);
    expect(verdicts.filter((verdict) => exitCodeOf(verdict) === 1)).toEqual(['tampered', 'counterfeit']);
  });
});

describe('wrong use', () => {
  test.each([[[]], [['a', 'b']], [['a', '--unheard-of']], [['a', '--server', 'not an address']]])(
    'verify %j says how it is meant',
    async (args) => {
      const { code, err } = await kinora('verify', ...args);
      expect(err).toContain('kinora verify FILE');
      expect(code).toBe(64);
    },
  );

  test('a command that does not exist says which do; asking for help is not an error', async () => {
    const wrong = await start('sing');
    expect(wrong.err).toContain('kinora verify FILE');
    expect([wrong.code, wrong.out]).toEqual([64, '']);
    const help = await start('--help');
    expect(help.out).toContain('kinora verify FILE');
    expect([help.code, help.err]).toEqual([0, '']);
    expect(await kinora('verify', '--help')).toMatchObject({ code: 0, out: help.out });
  });
});

test('--json is the same verdict for programs, with the raw record', async () => {
  const { code, out } = await kinora('verify', at('signed.png'), '--json', '--trust', at('roots.pem'));
  const answer = JSON.parse(out);
  const local = verificationSchema.parse(answer.local);
  expect(answer).toMatchObject({ verdict: 'trusted', exitCode: code, server: null });
  expect(local.file.sha256).toBe(createHash('sha256').update(signed).digest('hex'));
  expect(local.layers.manifest.binding).toMatchObject({ kind: 'data', result: 'match' });
  expect(answer.crJson.manifests).toHaveLength(1);
});

describe('--server', () => {
  /** A server with the real contract's shapes; what it says is given. */
  async function withServer<T>(
    said: (local: Verification) => unknown,
    use: (url: string, got: { bodies: Buffer[]; paths: string[] }) => Promise<T>,
  ): Promise<T> {
    const got = { bodies: [] as Buffer[], paths: [] as string[] };
    const own = { name: 'Here', version: '1', issuedAt: null, pem: readFileSync(at('roots.pem'), 'utf8') };
    const server = createServer(async (request, response) => {
      got.paths.push(`${request.method} ${request.url?.split('?')[0]}`);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response.setHeader('content-type', 'application/json');
      if (request.method === 'GET') return response.end(JSON.stringify({ own }));
      const body = Buffer.concat(chunks);
      got.bodies.push(body);
      const { out } = await kinora('verify', at('signed.png'), '--json');
      const answer = said(JSON.parse(out).local);
      if (answer === null) response.statusCode = 429;
      response.end(
        JSON.stringify(
          answer ?? { error: { code: 'rate_limited', message: 'Too many.', requestId: 'req_1' } },
        ),
      );
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, got);
    } finally {
      server.close();
    }
  }

  test('sends the file, trusts whom the server trusts, and prints what it alone can know', async () => {
    const withdrawn = { at: '2026-11-20T10:00:00.000Z', url: 'https://kinora.example/revocations/rev_1' };
    await withServer(
      (local) => ({
        ...local,
        verdict: 'made-here',
        maker: { handle: 'ada', displayName: 'Ada' },
        withdrawn,
      }),
      async (url, got) => {
        const { code, out } = await kinora('verify', at('signed.png'), '--server', url);
        expect(got.paths).toEqual(['GET /api/v1/trust-lists', 'POST /api/v1/verify']);
        expect(got.bodies[0]?.equals(Buffer.from(signed))).toBe(true);
        expect(out).toContain('✓ From Kinora');
        expect(out).toContain('Made here by @ada');
        expect(out).toContain('Consent withdrawn on 2026-11-20T10:00:00.000Z');
        expect(out).toContain(withdrawn.url);
        expect(code).toBe(0);
      },
    );
  });

  test('does not believe a server that calls a changed file fine', async () => {
    await withServer(
      (local) => ({ ...local, verdict: 'made-here' }),
      async (url) => {
        const { code, out, err } = await kinora('verify', at('changed.png'), '--server', url);
        expect(out).toContain('✗ Changed after it was signed');
        expect(err).toMatch(/server says "made-here"/);
        expect(code).toBe(1);
      },
    );
  });

  test('that refuses, or is not there, is an error with its words, never a verdict', async () => {
    await withServer(
      () => null,
      async (url) => {
        const { code, out, err } = await kinora('verify', at('signed.png'), '--server', url);
        expect(err).toMatch(/Too many\. \(rate_limited, request req_1\)/);
        expect([code, out]).toEqual([3, '']);
      },
    );
    const { code, err } = await kinora('verify', at('signed.png'), '--server', 'http://127.0.0.1:9');
    expect(err).toMatch(/cannot be reached/);
    expect(code).toBe(3);
  });
});

test('nothing in a file can write to the terminal', async () => {
  const { out } = await kinora('verify', at('signed.png'), '--json');
  const { report } = { report: verificationSchema.parse(JSON.parse(out).local).layers.manifest };
  const nasty = '\u001b[2J\u009b31m\u202Egpj.exe\u0007\r\n';
  const hostile = {
    ...report,
    manifest: report.manifest && {
      ...report.manifest,
      title: nasty,
      signer: { commonName: nasty, organization: nasty, algorithm: nasty },
    },
  };
  const verification = judgeAlone(hostile, { size: 1, mediaType: nasty, sha256: '' }, { reason: 'x.' });
  const text = resultText(nasty, { ...verification, maker: { handle: nasty, displayName: nasty } }, null, {
    colour: false,
    asked: nasty,
    listName: null,
  });
  expect(text).toContain('gpj.exe');
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

const testdata = join(process.env.KINORA_TESTDATA ?? '../shared/testdata', 'c2pa');
describe.skipIf(!existsSync(testdata))(
  'public test files (KINORA_TESTDATA; skipped where the folder is absent)',
  () => {
    test('sources of sources are named', async () => {
      const { out } = await kinora('verify', join(testdata, 'adobe-20220124-CAICA.jpg'));
      expect(out).toMatch(/├ A\.jpg what it was edited from/);
      expect(out).toMatch(/└ CA\.jpg a part of it/);
      expect(out.match(/A\.jpg what it was edited from/g)).toHaveLength(2);
    });
  },
);
