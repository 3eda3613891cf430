/** An upload's life under any order of calls: one ending, nothing left behind, nothing published that was taken back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  missingParts,
  partCount,
  sizeOfPart,
  slotOf,
  slotsPerPart,
} from '#durable-objects/upload/core/parts.ts';
import { sniffMediaType } from '#durable-objects/upload/core/sniff.ts';
import * as machine from '#durable-objects/upload/core/upload-machine.ts';
import { uploadLimits, uploadPartSize } from '#schemas/http/uploads.ts';

const policy: machine.UploadPolicy = { receivingMs: 1_000, keepMs: 5_000, verifyMs: 600, forgetMs: 300 };
const caseId = 'case_01jd0000000000000000000000' as const;
const clipId = 'clip_01jd0000000000000000000000' as const;

const input: fc.Arbitrary<machine.UploadInput> = fc.oneof(
  fc.record({ type: fc.constant('complete'), missing: fc.constantFrom([], [], [2, 3]) }),
  fc.constant({ type: 'assembled', objectKey: 'uploads/x/file' } as const),
  fc.constant({ type: 'stuck' } as const),
  fc.constant({
    type: 'identified',
    sha256: 'a'.repeat(64),
    objectKey: 'uploads/y/file',
    mediaType: 'video/mp4',
  } as const),
  fc.record({ type: fc.constant('stage'), stage: fc.constantFrom('credentials', 'mark', 'verdict') }),
  fc.constant({ type: 'looked', looked: { kind: 'failed', death: 'lease_lost' } } as const),
  fc.constant({ type: 'commit' } as const),
  fc.record({
    type: fc.constant('settle'),
    outcome: fc.constantFrom(
      { status: 'ready', clipId, reason: null } as const,
      { status: 'review', caseId, reason: 'Somebody looks.' } as const,
      { status: 'refused', reason: 'No.', caseId: null, clipId: null } as const,
      { status: 'refused', reason: 'No.', caseId, clipId: null } as const,
      { status: 'failed', reason: 'Nobody looked.' } as const,
    ),
  }),
  fc.record({
    type: fc.constant('decided'),
    decision: fc.constantFrom(
      { outcome: 'publish', label: null } as const,
      { outcome: 'refuse', reason: 'No.' } as const,
    ),
  }),
  fc.constant({ type: 'cancel' } as const),
  fc.constant({ type: 'due' } as const),
);
const steps = fc.array(fc.tuple(input, fc.integer({ min: 0, max: 2_000 })), { maxLength: 40 });
const purpose = fc.constantFrom('publish', 'publish', 'verify');

interface Run {
  readonly states: machine.UploadState[];
  readonly effects: machine.UploadEffect[];
}

function run(kind: 'publish' | 'verify', commands: readonly (readonly [machine.UploadInput, number])[]): Run {
  let now = 0;
  let state = machine.opened(kind, 'video/mp4', now, policy);
  const states = [state];
  const effects: machine.UploadEffect[] = [];
  for (const [command, later] of commands) {
    now += later;
    const moved = machine.transition(state, command, policy, now);
    if (!moved.ok || !moved.value.changed) continue;
    state = moved.value.state;
    states.push(state);
    effects.push(...moved.value.effects);
  }
  return { states, effects };
}

describe('any order of calls', () => {
  test('what is over stays over, has forgotten its bytes and was owed their erasure once', () => {
    fc.assert(
      fc.property(purpose, steps, (kind, commands) => {
        const { states, effects } = run(kind as 'publish' | 'verify', commands);
        const over = states.findIndex(({ phase }) => machine.isOver(phase));
        if (over < 0) return;
        expect(over).toBe(states.length - 1);
        expect(states[over]).toMatchObject({ objectKey: null, verification: null });
        expect(effects.filter((effect) => effect === 'erase').length).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 3_000 },
    );
  });

  test('a version is never used twice, and every check has a number of its own', () => {
    fc.assert(
      fc.property(purpose, steps, (kind, commands) => {
        const { states, effects } = run(kind as 'publish' | 'verify', commands);
        expect(states.map(({ version }) => version)).toEqual(states.map((_, index) => index + 1));
        const last = states.at(-1);
        expect(effects.filter((effect) => effect === 'check').length).toBe(last?.run ?? 0);
      }),
      { numRuns: 2_000 },
    );
  });

  test('nothing committed to a clip, at the desk or part of a case is taken back', () => {
    fc.assert(
      fc.property(steps, (commands) => {
        let now = 0;
        let state = machine.opened('publish', 'video/mp4', now, policy);
        for (const [command, later] of commands) {
          now += later;
          const before = state;
          const moved = machine.transition(state, command, policy, now);
          if (moved.ok) state = moved.value.state;
          const held =
            before.phase === 'review' ||
            before.committed ||
            (before.phase === 'refused' && before.caseId !== null && before.objectKey !== null);
          if (command.type === 'cancel' && held) expect(state).toBe(before);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('whatever waits for a client or a verdict’s end has an end of its own', () => {
    fc.assert(
      fc.property(purpose, steps, (kind, commands) => {
        for (const { phase, dueAt, purpose: why, objectKey } of run(kind as 'publish' | 'verify', commands)
          .states) {
          if (why === 'verify' || machine.isOver(phase)) expect(dueAt).not.toBeNull();
          if (phase === 'receiving') expect(dueAt).not.toBeNull();
          if ((phase === 'refused' || phase === 'failed') && objectKey !== null) expect(dueAt).not.toBeNull();
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('one upload', () => {
  const begun = machine.opened('publish', 'video/mp4', 0, policy);
  const next = (state: machine.UploadState, command: machine.UploadInput, now = 1) => {
    const moved = machine.transition(state, command, policy, now);
    if (!moved.ok) throw new Error(moved.error.code);
    return moved.value;
  };
  const checking = () => {
    const assembling = next(begun, { type: 'complete', missing: [] }).state;
    return next(assembling, { type: 'assembled', objectKey: 'uploads/x/file' }).state;
  };

  test('names what is missing', () => {
    expect(machine.transition(begun, { type: 'complete', missing: [2, 5] }, policy, 1)).toMatchObject({
      ok: false,
      error: {
        code: 'upload_incomplete',
        details: { missing: [2, 5] },
        message: expect.stringContaining('2, 5'),
      },
    });
  });

  test('a look that nobody waited for any more serves the next check', () => {
    const failed = next(checking(), {
      type: 'settle',
      outcome: { status: 'failed', reason: 'Late.' },
    }).state;
    const seen = next(failed, { type: 'looked', looked: { kind: 'failed', death: 'unreadable_media' } });
    expect(seen.effects).toEqual([]);
    const again = next(seen.state, { type: 'complete', missing: [] });
    expect(again).toMatchObject({ effects: ['check'], state: { phase: 'checking', run: 2, reason: null } });
    expect(again.state.looked).toMatchObject({ kind: 'failed' });
  });

  test('what nobody needs any more goes at once, what may be tried again or is evidence after its time', () => {
    const settle = (outcome: Extract<machine.UploadInput, { type: 'settle' }>['outcome']) =>
      next(checking(), { type: 'settle', outcome });
    for (const outcome of [
      { status: 'ready', clipId, reason: null },
      { status: 'ready', clipId: null, reason: 'A picture.' },
      { status: 'refused', reason: 'A copy.', caseId: null, clipId },
    ] as const) {
      expect(settle(outcome)).toMatchObject({ effects: ['erase'], state: { objectKey: null, dueAt: null } });
    }
    for (const outcome of [
      { status: 'failed', reason: 'Nobody looked.' },
      { status: 'refused', reason: 'No.', caseId, clipId: null },
    ] as const) {
      const { state, effects } = settle(outcome);
      expect([effects, state.objectKey]).toEqual([[], 'uploads/x/file']);
      expect(next(state, { type: 'due' }, policy.keepMs).changed).toBe(false);
      const forgotten = next(state, { type: 'due' }, policy.keepMs + 2);
      expect(forgotten).toMatchObject({
        effects: ['stop-inspection', 'erase'],
        state: { phase: outcome.status, reason: outcome.reason, objectKey: null },
      });
      const again = machine.transition(forgotten.state, { type: 'complete', missing: [] }, policy, 99_999);
      expect(again.ok ? again.value.changed : again.error.code).toBe(
        outcome.status === 'failed' ? 'upload_expired' : false,
      );
    }
  });
});

describe('parts', () => {
  const size = fc.integer({ min: 1, max: uploadLimits.pro });

  test('cover the file exactly, and there are never more than R2 takes', () => {
    fc.assert(
      fc.property(size, (bytes) => {
        const count = partCount(bytes);
        const sizes = [1, Math.max(1, count - 1), count].map((n) => sizeOfPart(bytes, n));
        expect((count - 1) * uploadPartSize + (sizes.at(-1) ?? 0)).toBe(bytes);
        expect(sizes.every((one) => one !== null && one >= 1 && one <= uploadPartSize)).toBe(true);
        expect([0, count + 1, 1.5, -1].map((n) => sizeOfPart(bytes, n))).toEqual([null, null, null, null]);
        expect(slotOf(count, slotsPerPart, null)).toBeLessThanOrEqual(10_000);
      }),
    );
  });

  test('no attempt writes over the bytes that count, and parts keep their order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 512 }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        (n, recordings) => {
          let recorded: number | null = null;
          for (const [index, records] of recordings.entries()) {
            const slot = slotOf(n, index + 1, recorded);
            expect(slot).not.toBe(recorded);
            expect(Math.ceil(slot / slotsPerPart)).toBe(n);
            if (records) recorded = slot;
          }
        },
      ),
    );
  });

  test('two attempts under way together never share a place', () => {
    for (const recorded of [null, 1, 7, 16]) {
      const slots = Array.from({ length: slotsPerPart - 1 }, (_, index) => slotOf(1, index + 1, recorded));
      expect(new Set(slots).size).toBe(slots.length);
    }
  });

  test('what is missing is what did not come', () => {
    expect(missingParts(uploadPartSize * 3 + 1, [4, 1, 1])).toEqual([2, 3]);
  });
});

describe('the first bytes', () => {
  const bytes = (...parts: (string | number)[]) =>
    Uint8Array.from(
      parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part].map((c) => c.charCodeAt(0)))),
    );
  test.each([
    [bytes(0, 0, 0, 0x20, 'ftypisom'), 'video/mp4'],
    [bytes(0, 0, 0, 0x14, 'ftypqt  '), 'video/quicktime'],
    [bytes(0, 0, 0, 8, 'wide'), 'video/quicktime'],
    [bytes(0, 0, 0, 0x20, 'ftypM4A '), 'audio/mp4'],
    [bytes(0, 0, 0, 0x20, 'ftypheic'), null],
    [bytes(0xff, 0xd8, 0xff, 0xe0), 'image/jpeg'],
    [bytes(0x89, 'PNG', 0x0d, 0x0a, 0x1a, 0x0a), 'image/png'],
    [bytes('RIFF', 0, 0, 0, 0, 'WEBP'), 'image/webp'],
    [bytes('RIFF', 0, 0, 0, 0, 'WAVE'), 'audio/wav'],
    [bytes('RIFF', 0, 0, 0, 0, 'AVI '), null],
    [bytes('<!doctype html>'), null],
    [bytes('PK', 3, 4), null],
    [new Uint8Array(0), null],
  ])('%# are told apart', (head, mediaType) => expect(sniffMediaType(head)).toBe(mediaType));

  test('no bytes make it throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (head) => void sniffMediaType(head)));
  });
});
