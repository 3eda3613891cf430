/**
 * The output policy (K-60): what words, frames and faces lead to, the real models on real pictures, and a watcher whose process dies. No
 * explicit picture is needed: the arithmetic is tested with made-up scores, the models with harmless pictures and a threshold set for them.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  decideOutput,
  type FrameScores,
  findInFrames,
  findStranger,
  outputPolicy,
  sentenceOfFinding,
} from '#core/moderation/output-policy.ts';
import { findInTexts } from '#core/moderation/output-policy-text.ts';
import type { PolicyFindings } from '#schemas/policy.ts';
import { loadEngines } from '../../gpu-backend/src/engines/registry.ts';
import { finish } from '../../gpu-backend/src/finishing/finish.ts';
import { createPolicyWatcher } from '../../gpu-backend/src/policy/watcher.ts';
import { demoClips } from '../../scripts/demo/library.ts';
import { testSpec } from '../support/fake-edge.ts';

const frame = (at: number, change: Partial<FrameScores> = {}): FrameScores => ({
  at,
  drawing: 0,
  hentai: 0,
  neutral: 1,
  porn: 0,
  sexy: 0,
  ...change,
});
const report = (frames: readonly FrameScores[]): PolicyFindings => ({
  version: 'test',
  models: [{ name: 'test', version: '1' }],
  findings: findInFrames(frames),
});
const inPrompt = (text: string, cast = false) => findInTexts([{ field: 'prompt', text }], cast);

describe('words', () => {
  it.each([
    ['a schoolgirl in a sexy pose', 'sexual-content-minor', 'refuse', 'schoolgirl in a sexy'],
    ['a 15-year-old in lingerie', 'sexual-content-minor', 'refuse', '15-year-old in lingerie'],
    [
      'a nude portrait of a celebrity',
      'sexual-content-real-person',
      'refuse',
      'nude portrait of a celebrity',
    ],
    ['@ada nude on a sofa', 'sexual-content-real-person', 'refuse', 'ada nude'],
    ['a guide: how to kill yourself', 'self-harm-instructions', 'refuse', 'guide: how to kill yourself'],
    ['step by step, build a pipe bomb', 'weapon-instructions', 'refuse', 'step by step, build a pipe bomb'],
    ['a man thinks of suicide', 'self-harm', 'review', 'suicide'],
    ['two dancers, n.u.d.e, at dusk', 'sexual-content', 'review', 'n.u.d.e'],
    ['NÜDE in the garden', 'sexual-content', 'review', 'NÜDE'],
  ])('%s: %s, %s', (text, rule, outcome, words) => {
    const [finding] = inPrompt(text);
    expect(finding).toMatchObject({ stage: 'prompt', rule, outcome, field: 'prompt' });
    expect(text.slice(finding?.span?.start, finding?.span?.end)).toBe(words);
  });

  it.each([
    'two children build a snowman',
    'visible to the naked eye',
    'chicken breasts on a grill, how to season them',
    'how to cut yourself a slice of cake',
    'a teenager kisses her grandmother on the cheek',
    'a bath bomb fizzes, step by step',
    ...demoClips.map(({ request }) => request.prompt),
  ])('%s: nothing', (text) => expect(inPrompt(text)).toEqual([]));

  it('with somebody cast, sexual words are about a real person', () => {
    expect(inPrompt('they are naked together')).toMatchObject([
      { rule: 'sexual-content', outcome: 'review' },
    ]);
    expect(inPrompt('they are naked together', true)).toMatchObject([
      { rule: 'sexual-content-real-person', outcome: 'refuse' },
    ]);
  });

  it('a line of dialogue is named by its field, and the gravest of all lines decides', () => {
    const found = findInTexts([
      { field: 'prompt', text: 'a man thinks of suicide' },
      { field: 'dialogue.1.text', text: 'Here is how to build a pipe bomb' },
    ]);
    const { outcome, findings } = decideOutput(null, found);
    expect(outcome).toBe('refuse');
    expect(findings[0]).toMatchObject({
      stage: 'dialogue',
      field: 'dialogue.1.text',
      rule: 'weapon-instructions',
    });
    expect(findings.map(sentenceOfFinding)[0]).toMatch(
      /^Instructions .* \(rule weapon-instructions, at .* of the dialogue\)$/,
    );
  });
});

describe('frames and faces', () => {
  it('one frame asks for a person, most of a clip refuses, less is only noted', () => {
    const one = [frame(0), frame(1, { porn: 0.97 }), frame(2), frame(3)];
    expect(decideOutput(report(one), [])).toMatchObject({
      outcome: 'review',
      findings: [{ rule: 'sexual-content', at: 1, score: 0.97, outcome: 'review' }],
    });
    const most = [frame(0), frame(1, { porn: 0.97 }), frame(2, { hentai: 0.93 }), frame(3, { porn: 0.95 })];
    expect(decideOutput(report(most), [])).toMatchObject({
      outcome: 'refuse',
      findings: [{ rule: 'sexual-content-throughout', outcome: 'refuse' }, {}],
    });
    expect(decideOutput(report([frame(0, { porn: 0.6 })]), [])).toMatchObject({
      outcome: 'deliver',
      findings: [{ outcome: 'note' }],
    });
    expect(decideOutput(report([frame(0)]), [])).toMatchObject({ outcome: 'deliver', findings: [] });
  });

  it('the edge judges by its own thresholds, whatever the node made of the score', () => {
    const said: PolicyFindings = {
      ...report([]),
      findings: [
        {
          stage: 'frames',
          rule: 'sexual-content-throughout',
          outcome: 'note',
          score: 0.99,
          at: 0,
          span: null,
          explanation: 'x',
        },
      ],
    };
    expect(decideOutput(said, []).outcome).toBe('refuse');
    const unknown = said.findings.map((finding) => ({ ...finding, rule: 'something-new' }));
    expect(decideOutput({ ...said, findings: unknown }, []).outcome).toBe('review');
  });

  it('what nothing looked at goes to the desk; without pictures there is nothing to look at', () => {
    expect(decideOutput({ version: 'test', models: [], findings: [] }, [])).toMatchObject({
      outcome: 'review',
      findings: [{ rule: 'not-looked-at' }],
    });
    expect(decideOutput(null, []).outcome).toBe('deliver');
  });

  it('somebody who is enrolled and not cast refuses, and is not named', () => {
    const found = findStranger({ at: 1.5, similarity: 0.7 });
    expect(decideOutput(report([]), found)).toMatchObject({
      outcome: 'refuse',
      findings: [{ stage: 'faces', rule: 'uncast-likeness', at: 1.5, score: 0.7 }],
    });
    expect(JSON.stringify(found)).not.toMatch(/acc_|embedding/);
  });
});

const testdata = process.env.KINORA_TESTDATA ?? '../shared/testdata';
const portrait = join(testdata, 'face/astronaut.png');
if (!existsSync(portrait))
  console.warn(`output policy: the tests with a real face are skipped, there is no ${portrait}`);

describe('the models', () => {
  const watcher = createPolicyWatcher();
  const { signal } = new AbortController();
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kinora-output-policy-'));
  });
  afterAll(async () => {
    watcher.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** A picture as RGBA, `width` wide. */
  async function pixelsOf(path: string, width: number) {
    const image = await loadImage(path);
    const height = Math.round((image.height * width) / image.width);
    const context = createCanvas(width, height).getContext('2d');
    context.drawImage(image, 0, 0, width, height);
    return { data: new Uint8Array(context.getImageData(0, 0, width, height).data), width, height };
  }

  it.skipIf(!existsSync(portrait))(
    'see a dressed astronaut and one face in a portrait',
    async () => {
      const watch = watcher.open({ faces: true, signal });
      const picture = await pixelsOf(portrait, 512);
      for (const at of [0, 1]) watch.take(at, picture.data, picture.width, picture.height);
      const { policy, faces } = await watch.finish();
      expect(policy.models.map(({ name }) => name)).toEqual([
        'nsfwjs mobilenet_v2',
        'human blazeface faceres',
      ]);
      expect(policy.findings).toEqual([]);
      expect(decideOutput(policy, []).outcome).toBe('deliver');
      // The same person twice is one face.
      expect(faces).toHaveLength(1);
      expect(faces[0]?.embedding).toHaveLength(1024);
    },
    120_000,
  );

  it.skipIf(!existsSync(portrait))(
    'report no face of an engine that may not see likenesses',
    async () => {
      const watch = watcher.open({ faces: false, signal });
      const picture = await pixelsOf(portrait, 512);
      watch.take(0, picture.data, picture.width, picture.height);
      const { policy, faces } = await watch.finish();
      expect(policy.models).not.toEqual([]);
      expect(faces).toEqual([]);
    },
    120_000,
  );

  it('pass a sketch clip as it is encoded; with the threshold at nothing the same clip goes to the desk', async () => {
    const { engines } = await loadEngines(['sketch']);
    const [engine] = engines;
    if (!engine) throw new Error('no sketch engine');
    const spec = { ...testSpec, engine: 'sketch', prompt: 'a red ball bounces on the beach', seconds: 2 };
    const output = await engine.render(spec, {
      signal,
      workDir: dir,
      portraits: new Map(),
      report: () => {},
    });
    const watch = watcher.open({ faces: true, signal });
    const scores: number[] = [];
    const counted = {
      ...watch,
      take: (...frame: Parameters<typeof watch.take>) => {
        scores.push(frame[0]);
        watch.take(...frame);
      },
    };
    await finish(output, { handle: 'ada', outDir: dir, signal, watch: counted, report: () => {} });
    const { policy, faces } = await watch.finish();
    expect(scores).toHaveLength(6);
    expect(decideOutput(policy, findInTexts([{ field: 'prompt', text: spec.prompt }])).outcome).toBe(
      'deliver',
    );
    expect(faces).toEqual([]);
    const strict = {
      ...outputPolicy,
      rules: { ...outputPolicy.rules, 'sexual-content': { note: 0, review: 0 } },
    };
    const [noted] = findInFrames([frame(0, { porn: 0.001 })], strict);
    expect(decideOutput({ ...policy, findings: noted ? [noted] : [] }, [], strict).outcome).toBe('review');
  }, 240_000);

  it('that cannot be run leave a report without models, and the node lives on', async () => {
    const entry = join(dir, 'crash.mjs');
    await writeFile(entry, "process.on('message', () => process.kill(process.pid, 'SIGSEGV'));");
    const broken = createPolicyWatcher(pathToFileURL(entry));
    const watch = broken.open({ faces: true, signal });
    watch.take(0, new Uint8Array(64 * 64 * 4), 64, 64);
    const seen = await watch.finish();
    expect(seen).toMatchObject({ policy: { models: [], findings: [] }, faces: [] });
    expect(decideOutput(seen.policy, []).outcome).toBe('review');
    broken.close();
  });
});
