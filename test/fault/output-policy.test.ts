/**
 * The output policy in the life of a generation, over HTTP against both Workers and a node that says what it is told to have seen: what
 * is refused gives the credits back and says why, what a person has to look at is made and cannot be published until they have, somebody
 * who is not cast stops it, and a mark or fingerprints that were not ordered are no output.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Me, Session } from '#schemas/http/accounts.ts';
import type { Enrolment } from '#schemas/http/cameo.ts';
import type { Clip } from '#schemas/http/clips.ts';
import type { Generation } from '#schemas/http/generations.ts';
import type { ClaimAnswer } from '#schemas/http/moderation.ts';
import type { PolicyFindings } from '#schemas/policy.ts';
import type { RenderOutput, SeenFace } from '#schemas/render.ts';
import { type ApiClient, ApiError } from '../../scripts/demo/client.ts';
import { type Edge, startEdge } from '../support/edge.ts';
import {
  ask,
  drafts,
  ending,
  eventually,
  expectStatus,
  leaseNext,
  nothingIn,
  storedKeys,
  uploadAll,
  usedCredits,
} from '../support/generation-run.ts';
import { makeRendered, type Rendered } from '../support/rendered.ts';
import { createScriptedInspector, someFace, someReport } from '../support/scripted-inspector.ts';
import { storedFile } from '../support/scripted-node.ts';

let edge: Edge;
let rendered: Rendered;
let people = 0;

beforeAll(async () => {
  [edge, rendered] = await Promise.all([startEdge({ RENDER_LEASE_MS: '30000' }), makeRendered()]);
});
afterAll(() => edge.stop());
// Engines are known from a node that has asked for work.
beforeEach(() => edge.node.lease());

const person = (roles: string[] = []): Promise<ApiClient> =>
  edge.signIn(`policy-${++people}`, { tier: 'pro', roles });

/** Makes a clip of which the node says this. */
async function run(
  api: ApiClient,
  change: {
    request?: Record<string, unknown>;
    output?: Partial<RenderOutput>;
    faces?: readonly SeenFace[];
  } = {},
): Promise<Generation> {
  const { id } = await ask(api, change.request ?? {});
  const job = await leaseNext(edge);
  await uploadAll(edge, job, rendered);
  const output = { ...rendered.output, ...change.output };
  await expectStatus(edge.node.complete(job, output, change.faces), 200);
  return ending(api, id);
}

function saw(rule: string, score: number, stage: 'frames' | 'faces' = 'frames'): PolicyFindings {
  const finding = { stage, rule, outcome: 'note', score, at: 0.5, span: null, explanation: 'Seen.' } as const;
  return { ...rendered.output.policy, findings: [finding] };
}

/** Decides that nothing is wrong with it. */
function allow(
  desk: ApiClient,
  { caseId, token, version }: NonNullable<ClaimAnswer['claimed']>['claim'],
  policyId: string,
): Promise<unknown> {
  return desk('POST', `/api/v1/moderation/cases/${caseId}/decisions`, {
    claimToken: token,
    version,
    action: 'allow',
    policyId,
    facts: 'A drawn ball.',
    explanation: 'Nothing of the kind is in it.',
    idempotencyKey: crypto.randomUUID(),
  });
}

/** The refusal of a call as `status code`, with its details. */
async function refusal(call: Promise<unknown>): Promise<Pick<ApiError, 'code' | 'details'>> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) return { code: error.code, details: error.details };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('words', () => {
  test('that are refused hold no credits and name rule, field and span', async () => {
    const api = await person();
    const prompt = 'a quiet room; a nude portrait of a celebrity';
    const { code, details } = await refusal(ask(api, { prompt }));
    expect(code).toBe('policy_refused');
    expect(details).toMatchObject({ stage: 'prompt', rule: 'sexual-content-real-person', field: 'prompt' });
    expect(prompt.slice(Number(details.start), Number(details.end))).toBe('nude portrait of a celebrity');
    expect(await usedCredits(api)).toBe(0);
  });
});

describe('frames', () => {
  test('that are refused fail the generation with rule and place, and the credits come back', async () => {
    const api = await person();
    const made = await run(api, { output: { policy: saw('sexual-content-throughout', 0.97) } });
    expect(made).toMatchObject({
      status: 'failed',
      error: {
        code: 'policy_refused',
        details: { stage: 'frames', rule: 'sexual-content-throughout', at: 0.5 },
      },
    });
    expect(made.error?.message).toContain('0.5 s into the clip');
    expect(await usedCredits(api)).toBe(0);
    expect(await drafts(api)).toEqual([]);
    await nothingIn(edge, `quarantine/${made.id}/`);
  });

  test('that a person has to look at: the draft is made, nobody can publish it, and the maker is told why', async () => {
    const api = await person();
    const made = await run(api, { output: { policy: saw('sexual-content', 0.9) } });
    expect(made).toMatchObject({
      status: 'ready',
      policy: { findings: [{ rule: 'sexual-content', outcome: 'review', at: 0.5 }] },
    });
    const publish = () => api<Clip>('POST', `/api/v1/clips/${made.clipId}/publish`, { visibility: 'public' });
    expect(await refusal(publish())).toMatchObject({
      code: 'review_pending',
      details: { stage: 'frames', rule: 'sexual-content', at: 0.5 },
    });
    const desk = await person(['moderator']);
    const { claimed } = await desk<ClaimAnswer>('POST', '/api/v1/moderation/claims', {});
    if (claimed === null) throw new Error('nothing waits at the desk');
    const { claim } = claimed;
    await allow(desk, claim, 'sexual-content');
    // Ten seconds in which the decision could be undone.
    const published = await eventually('the clip to be let go', () => publish().catch(() => null), 60);
    expect(published).toMatchObject({ id: made.clipId, status: 'published' });
  }, 120_000);

  test('that nothing looked at go to the desk as well', async () => {
    const api = await person();
    const blind = { version: 'test', models: [], findings: [] };
    const made = await run(api, { output: { policy: blind } });
    expect(made).toMatchObject({ status: 'ready', policy: { findings: [{ rule: 'not-looked-at' }] } });
    const publish = api('POST', `/api/v1/clips/${made.clipId}/publish`, { visibility: 'public' });
    expect((await refusal(publish)).code).toBe('review_pending');
  });
});

/** Enrols a face as its owner and a node would. */
async function enrol(api: ApiClient, token: string, face: number): Promise<void> {
  const inspector = createScriptedInspector(edge.node);
  const { id } = await api<Enrolment>('POST', '/api/v1/cameo/enrolments', { keepForRendering: false });
  const body = Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3, ...new TextEncoder().encode(`a recording ${face}`)]);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'video/webm' };
  const sent = fetch(`${edge.url}/api/v1/cameo/enrolments/${id}/recording`, { method: 'PUT', headers, body });
  await expectStatus(sent, 202);
  const leased = await eventually('the recording', () => inspector.lease(1_000));
  await expectStatus(inspector.complete(leased, someReport({ embedding: someFace(face) })), 200);
  await eventually('the enrolment', async () => {
    const { status } = await api<Enrolment>('GET', `/api/v1/cameo/enrolments/${id}`);
    return status === 'accepted' ? true : null;
  });
}

describe('faces', () => {
  test('of somebody who is enrolled and not cast: quarantined, credits back, the desk asked, and nobody named to the maker', async () => {
    const shown = await person();
    const { account, token } = await shown<Session & Me>('POST', '/api/v1/local/sign-in', {
      handle: `policy-${people}`,
    });
    await enrol(shown, token, 77);
    const api = await person();
    const faces = [{ at: 1.25, embedding: someFace(77) }];
    const made = await run(api, { faces });
    expect(made).toMatchObject({
      status: 'quarantined',
      error: { code: 'policy_refused', details: { stage: 'faces', rule: 'uncast-likeness', at: 1.25 } },
    });
    expect(JSON.stringify(made)).not.toContain(account.id);
    expect(await usedCredits(api)).toBe(0);
    expect(await drafts(api)).toEqual([]);
    expect(await storedKeys(edge, `quarantine/${made.id}/`)).toHaveLength(3);
    const desk = await person(['moderator']);
    const about = await eventually('the case', async () => {
      const { claimed } = await desk<ClaimAnswer>('POST', '/api/v1/moderation/claims', {});
      return claimed?.case.subject.id === made.id ? claimed : null;
    });
    expect(JSON.stringify(about.case)).not.toContain(account.id);
    await allow(desk, about.claim, 'likeness');
    await nothingIn(edge, `quarantine/${made.id}/`);
    // The same face in a clip of its owner is nobody's business.
    expect(await run(shown, { faces })).toMatchObject({ status: 'ready' });
  }, 120_000);
});

describe('what was ordered', () => {
  test('another mark than the one of the lease is no output', async () => {
    const api = await person();
    const made = await run(api, { output: { watermarkId: 'ffffffffff' } });
    expect(made).toMatchObject({ status: 'failed', error: { code: 'output_invalid' } });
    expect(await usedCredits(api)).toBe(0);
  });

  test('fingerprints of another shape are no output', async () => {
    const api = await person();
    const { id } = await ask(api);
    const job = await leaseNext(edge);
    const nonsense = new TextEncoder().encode(JSON.stringify({ algorithm: 'none', frames: [] }));
    const files = new Map(rendered.files).set('fingerprints.json', nonsense);
    await uploadAll(edge, job, { ...rendered, files });
    const output = {
      ...rendered.output,
      files: { ...rendered.output.files, 'fingerprints.json': storedFile(nonsense) },
    };
    await expectStatus(edge.node.complete(job, output), 200);
    expect(await ending(api, id)).toMatchObject({ status: 'failed', error: { code: 'output_invalid' } });
  });

  test('the manifest carries mark and fingerprint, the clip is findable by both, its addresses are ours', async () => {
    const api = await person();
    const made = await run(api);
    expect(made).toMatchObject({ status: 'ready' });
    const { kinora } = edge;
    const { DB } = await kinora.getEnv();
    const { results } = await DB.prepare('SELECT watermark_id FROM watermarks WHERE clip_id = ?')
      .bind(made.clipId)
      .all();
    expect(results).toMatchObject([{ watermark_id: expect.stringMatching(/^[0-9a-f]{10}$/) }]);
    await api('POST', `/api/v1/clips/${made.clipId}/publish`, { visibility: 'public' });
    const provenance = await api<{
      softBindings: { alg: string; value: string }[];
      manifest: { revocationUrl: string } | null;
    }>('GET', `/api/v1/clips/${made.clipId}/provenance`);
    expect(provenance.softBindings.map(({ alg }) => alg)).toEqual([
      'app.kinora.ssdct.1',
      'app.kinora.mvpdq.1',
    ]);
    const [mark] = provenance.softBindings;
    expect(Buffer.from(mark?.value ?? '', 'base64').toString('hex')).toBe(results[0].watermark_id);
    expect(provenance.manifest?.revocationUrl).toBe(`${edge.url}/revocations/${made.clipId}`);
    expect(await storedKeys(edge, `media/${made.clipId}/`)).toContain(
      `media/${made.clipId}/fingerprints.json`,
    );
  });
});
