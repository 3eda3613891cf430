/**
 * `kinora verify FILE`: what the check page says, on a command line. Invariant: the file is streamed, whatever its size; nothing leaves this machine
 * without `--server`; the exit code follows the verdict, and an unreadable file is never mistaken for one without credentials. Called by kinora.ts.
 */
import { createHash } from 'node:crypto';
import { openAsBlob, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, extname } from 'node:path';
import { parseArgs } from 'node:util';
import { initSync, WasmReader } from '@contentauth/c2pa-wasm';
import { storeReader } from '../core/provenance/c2pa-store.ts';
import { judgeAlone } from '../core/provenance/explain/judge-alone.ts';
import { provenanceTree } from '../core/provenance/explain/provenance-tree.ts';
import { verifyAsset } from '../core/provenance/verify-asset.ts';
import { errorEnvelopeSchema, sentenceOf } from '../schemas/errors.ts';
import { type TrustList, type TrustLists, trustListSchema } from '../schemas/provenance.ts';
import { type Verdict, type Verification, verificationSchema } from '../schemas/verdict.ts';
import { fileSource } from './file-source.ts';
import { resultText } from './verify-text.ts';

export const usage = `kinora verify FILE [--json] [--trust ANCHORS.pem] [--server URL]

  Says who signed a film, picture or sound, what it was made from, and whether it was changed since.

  --trust ANCHORS.pem  trust signers under these root certificates (may be given more than once)
  --server URL         send the file to a Kinora server too (at most 95 MB): invisible mark, fingerprint,
                       records; and trust whom it trusts
  --json               print everything as JSON

  Without --server nothing leaves this machine, and without --trust nobody is vouched for.

  Ends with 0: from Kinora, or signed by somebody trusted · 1: changed after signing, or not what it says it is
            2: unknown signer, older trust list, recovered, or no credentials · 3: cannot be read · 64: wrong use
`;

/** What the command writes to. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  readonly colour: boolean;
  /** Whether to show how far reading is, on the error stream. */
  readonly progress: boolean;
}

const codes: Readonly<Record<Verdict, 0 | 1 | 2>> = {
  'made-here': 0,
  trusted: 0,
  'trusted-interim': 2,
  recovered: 2,
  'signed-unknown': 2,
  'no-credentials': 2,
  tampered: 1,
  counterfeit: 1,
};

/** The exit code of a verdict; scripts that go by it are told no more than a person is. */
export function exitCodeOf(verdict: Verdict): 0 | 1 | 2 {
  return codes[verdict];
}

const givenName = 'the list given with --trust';
const serverLimit = 95 * 1024 * 1024;

const mediaTypes: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.m4s': 'video/mp4',
  '.mov': 'video/quicktime',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.wav': 'audio/wav',
  '.m4a': 'audio/mp4',
};

/** A sentence for the person at the terminal, and the code to end with. */
class Stop extends Error {
  readonly code: number;
  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** @returns the exit code */
export async function verifyCommand(args: string[], terminal: Terminal): Promise<number> {
  try {
    return await run(args, terminal);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    terminal.err(`${error.message}\n`);
    return error.code;
  }
}

async function run(args: string[], terminal: Terminal): Promise<number> {
  const { path, json, trust: trustFiles, server } = parse(args);
  if (path === null) {
    terminal.out(usage);
    return 0;
  }
  const given = trustFiles.map(readAnchors);
  const fromServer = server === null ? null : await serverTrust(server);
  const local = await verifyLocally(path, listsOf(given, fromServer), given.length > 0, terminal);
  const remote = server === null ? null : await askServer(server, path, local.verification.file.mediaType);
  // Both looked at the same bytes: where this machine sees damage that the server does not, damage is what is reported.
  const overruled = remote !== null && exitCodeOf(local.verification.verdict) === 1;
  const verification = remote === null || overruled ? local.verification : remote;
  const exitCode = exitCodeOf(verification.verdict);
  if (json) {
    terminal.out(
      `${JSON.stringify({ verdict: verification.verdict, exitCode, local: local.verification, server: remote, crJson: local.crJson }, null, 2)}\n`,
    );
    return exitCode;
  }
  const tree = provenanceTree(verification.layers.manifest, local.crJson);
  terminal.out(
    resultText(basename(path), verification, tree, {
      colour: terminal.colour,
      asked: remote === null ? null : server,
      listName: given.length > 0 && verification === local.verification ? givenName : null,
    }),
  );
  if (overruled && remote.verdict !== local.verification.verdict)
    terminal.err(`The server says "${remote.verdict}", and this machine does not confirm it.\n`);
  return exitCode;
}

function parse(args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        trust: { type: 'string', multiple: true, default: [] },
        server: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { path: null, json: false, trust: [], server: null };
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) throw new Error('Give exactly one file.');
    const { server } = values;
    if (server !== undefined && !/^https?:$/.test(URL.canParse(server) ? new URL(server).protocol : ''))
      throw new Error('--server takes an address such as https://kinora.example.');
    return { path, json: values.json, trust: values.trust, server: server?.replace(/\/+$/, '') ?? null };
  } catch (error) {
    throw new Stop(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, 64);
  }
}

function readAnchors(path: string): TrustList {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Stop(`${path} cannot be read: ${reasonOf(error)}.`, 3);
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new Stop(`${path} holds no certificate in PEM form.`, 64);
  return { name: basename(path), version: 'as given', issuedAt: null, pem };
}

/** Anchors that were named stand in the place of the official list; what the server trusts stays beside them. */
function listsOf(given: readonly TrustList[], server: TrustLists | null): TrustLists {
  const nobody: TrustList = { name: 'nobody', version: '', issuedAt: null, pem: '' };
  const base: TrustLists = server ?? { own: nobody };
  if (given.length === 0) return base;
  return {
    ...base,
    official: {
      name: given.map(({ name }) => name).join(', '),
      version: 'as given',
      issuedAt: null,
      pem: given.map(({ pem }) => pem).join('\n'),
    },
  };
}

async function verifyLocally(path: string, trust: TrustLists, given: boolean, terminal: Terminal) {
  const file = await open(path).catch((error: unknown) => {
    throw new Stop(`${path} cannot be read: ${reasonOf(error)}.`, 3);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Stop(`${path} is not a file.`, 3);
    const mediaType = mediaTypes[extname(path).toLowerCase()] ?? null;
    ensureReader();
    let shown = -1;
    const source = fileSource(file, stat.size, (bytes) => {
      const percent = Math.floor((bytes / stat.size) * 100);
      if (!terminal.progress || percent === shown || stat.size < 64 * 1024 * 1024) return;
      shown = percent;
      terminal.err(`\r\u001b[2KReading ${percent} %`);
    });
    const found = await verifyAsset(source, mediaType, trust, {
      createHasher: (algorithm) => {
        const hash = createHash(algorithm);
        return {
          update: (bytes) => void hash.update(bytes),
          digest: () => new Uint8Array(hash.digest()),
        };
      },
      readStore: storeReader(WasmReader),
      now: () => new Date(),
    });
    if (shown >= 0) terminal.err('\r\u001b[2K');
    if (!found.ok) throw new Stop(`${path}: ${found.error.message ?? sentenceOf(found.error.code)}`, 3);
    const { report, crJson, fileSha256 } = found.value;
    const verification = judgeAlone(
      report,
      {
        size: stat.size,
        mediaType: mediaType ?? 'application/octet-stream',
        sha256: fileSha256 ?? '',
      },
      {
        reason: 'This check stayed on this machine.',
        ...(given ? { listName: givenName } : {}),
      },
    );
    return { verification, crJson };
  } finally {
    await file.close();
  }
}

let ready = false;
function ensureReader(): void {
  if (ready) return;
  initSync({
    module: readFileSync(createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')),
  });
  ready = true;
}

const unreachable = (server: string) => () => {
  throw new Stop(`${server} cannot be reached.`, 3);
};

async function serverTrust(server: string): Promise<TrustLists> {
  const answer = await fetch(`${server}/api/v1/trust-lists`).catch(unreachable(server));
  if (!answer.ok) throw new Stop(await refusalText(server, answer), 3);
  const lists = trustListSchema
    .optional()
    .nullable()
    .transform((list) => list ?? undefined);
  const body: unknown = await answer.json();
  const fields = typeof body === 'object' && body !== null ? Object.fromEntries(Object.entries(body)) : {};
  const own = trustListSchema.safeParse(fields.own);
  if (!own.success) throw new Stop(`${server} does not say whom it trusts.`, 3);
  return {
    own: own.data,
    official: lists.parse(fields.official),
    timestamp: lists.parse(fields.timestamp),
    interim: lists.parse(fields.interim),
  };
}

async function askServer(server: string, path: string, mediaType: string): Promise<Verification> {
  const file = await openAsBlob(path);
  if (file.size > serverLimit)
    throw new Stop('The file is too large to send (95 MB at most). Without --server it is checked here.', 3);
  const answer = await fetch(`${server}/api/v1/verify?wait=25`, {
    method: 'POST',
    headers: { 'content-type': mediaType, accept: 'application/json' },
    body: file,
  }).catch(unreachable(server));
  if (!answer.ok) throw new Stop(await refusalText(server, answer), 3);
  const parsed = verificationSchema.safeParse(await answer.json());
  if (!parsed.success) throw new Stop(`${server} gave an answer that is not a verification.`, 3);
  return parsed.data;
}

async function refusalText(server: string, answer: Response): Promise<string> {
  const envelope = errorEnvelopeSchema.safeParse(await answer.json().catch(() => null));
  return envelope.success
    ? `${server}: ${envelope.data.error.message} (${envelope.data.error.code}, request ${envelope.data.error.requestId})`
    : `${server} answered ${answer.status}.`;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'you may not read it',
    EISDIR: 'it is a folder',
  };
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
