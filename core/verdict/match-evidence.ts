/**
 * The branches that lead to our own clips: mark, fingerprint, register, consent; with the two layers as they are shown. Invariants: a mark
 * alone proves nothing, the fingerprint has to agree; consent is only spoken of once the clip is established. Called by verdict.ts.
 */
import type { EvidenceNode, Verification } from '#schemas/verdict.ts';
import { grouped, node } from './evidence.ts';
import type { KnownClip, VerdictInput } from './input.ts';

type Layers = Verification['layers'];

export function watermarkLayer({ look }: VerdictInput): Layers['watermark'] {
  if (look.kind === 'not-checked') {
    return { status: 'not-checked', reason: look.reason, watermarkId: null, confidence: null };
  }
  if (look.mark === null) return { status: 'none', reason: null, watermarkId: null, confidence: null };
  return { status: 'found', reason: null, watermarkId: look.mark.id, confidence: look.mark.confidence };
}

export function fingerprintLayer({ look, recovery, named }: VerdictInput): Layers['fingerprint'] {
  const nothing = { clipId: null, similarity: null };
  if (look.kind === 'not-checked') return { status: 'not-checked', reason: look.reason, ...nothing };
  if (!look.fingerprinted) {
    return {
      status: 'not-checked',
      reason: 'There is neither picture nor sound to take one of.',
      ...nothing,
    };
  }
  if (recovery.kind === 'found') {
    return { status: 'agrees', reason: null, clipId: recovery.clip.clipId, similarity: recovery.similarity };
  }
  if (named !== null && named.agrees !== null) {
    const status = named.agrees ? 'agrees' : 'disagrees';
    return { status, reason: null, clipId: named.clip.clipId, similarity: named.similarity };
  }
  if (recovery.kind === 'contradiction') {
    return { status: 'disagrees', reason: null, clipId: recovery.clipId, similarity: recovery.similarity };
  }
  return { status: 'none', reason: null, ...nothing };
}

export function watermarkEvidence(input: VerdictInput): EvidenceNode {
  const { look, recovery } = input;
  const base = {
    id: 'watermark',
    layer: 'watermark' as const,
    claim: 'It bears the invisible mark of a clip published here.',
    check: 'Searched the picture for the mark.',
  };
  if (look.kind === 'not-checked')
    return node({ ...base, check: 'Not searched for.', result: 'unknown', reason: look.reason });
  if (look.mark === null) {
    return node({
      ...base,
      result: 'unknown',
      reason: 'None was found. It may never have had one, or may have lost it.',
    });
  }
  const { frames, at, confidence } = look.mark;
  const found = {
    ...base,
    check: `Read the mark in ${frames === 1 ? 'one frame' : `${grouped(frames)} frames`}, with a confidence of ${confidence.toFixed(2)}.`,
    where: { seconds: { start: at, end: at } },
  };
  if (recovery.kind === 'contradiction') {
    const reason = 'A mark was found, but this is not the clip that it belongs to. A mark can be copied.';
    return node({ ...found, result: 'contradicted', reason });
  }
  if (recovery.kind === 'found' && recovery.by === 'watermark') {
    return node({
      ...found,
      result: 'proved',
      reason: 'The mark is in our register, and the fingerprint agrees.',
    });
  }
  return node({ ...found, result: 'unknown', reason: 'What was read is not in our register.' });
}

export function fingerprintEvidence(input: VerdictInput): EvidenceNode {
  const layer = fingerprintLayer(input);
  const base = {
    id: 'fingerprint',
    layer: 'fingerprint' as const,
    claim: 'Picture and sound are those of a clip published here.',
    check:
      layer.similarity === null
        ? 'Compared with the fingerprints of our clips.'
        : `Compared with the fingerprints of our clips: ${Math.round(layer.similarity)} of 100.`,
  };
  switch (layer.status) {
    case 'agrees':
      return node({ ...base, result: 'proved', reason: 'They agree with that clip.' });
    case 'disagrees':
      return node({
        ...base,
        result: 'contradicted',
        reason: 'They are not those of the clip it points at.',
      });
    case 'none':
      return node({ ...base, result: 'unknown', reason: 'They are not known here.' });
    case 'not-checked':
      return node({ ...base, check: 'Not compared.', result: 'unknown', reason: layer.reason ?? '' });
  }
}

/** @param clip the clip it was established to be, null for none */
export function registryEvidence(input: VerdictInput, clip: KnownClip | null): EvidenceNode {
  const { named, report } = input;
  const ours = report.trustModel === 'kinora';
  const base = {
    id: 'registry',
    layer: 'registry' as const,
    claim: 'Our register knows where it comes from.',
    check: 'Looked up manifest, mark and fingerprint.',
  };
  if (named !== null && !ours && report.state !== 'Invalid') {
    return node({
      ...base,
      claim: 'It was made here, as its credentials say.',
      result: 'contradicted',
      reason: 'They name a clip of ours, but it was not our key that signed them.',
    });
  }
  if (clip === null) return node({ ...base, result: 'unknown', reason: 'Nothing about it is on record.' });
  const maker =
    clip.maker === null
      ? 'Who made it is not shown: the clip is not public, or not any more.'
      : 'The account that made it is named with this verdict.';
  const reason =
    named?.by === 'record' && ours
      ? 'Our own signature names the clip; the register holds no more about it.'
      : 'It belongs to a clip published here.';
  const child = node({
    id: 'registry.maker',
    layer: 'registry',
    claim: 'Who made it may be named.',
    check: 'Asked whether the clip is public and served.',
    result: clip.maker === null ? 'unknown' : 'proved',
    reason: maker,
  });
  return node({ ...base, result: 'proved', reason, children: [child] });
}

/** Null where no clip of ours is established: there is nobody whose consent could be asked about. */
export function consentEvidence(clip: KnownClip | null): EvidenceNode | null {
  if (clip === null) return null;
  const base = {
    id: 'consent',
    layer: 'consent' as const,
    claim: 'Everybody this clip depends on agrees to its being shown.',
    check: 'Asked the public consent record.',
  };
  if (clip.withdrawn === null)
    return node({ ...base, result: 'proved', reason: 'Nobody has withdrawn their consent.' });
  const on = clip.withdrawn.at === null ? '' : ` on ${clip.withdrawn.at.slice(0, 10)}`;
  return node({
    ...base,
    result: 'contradicted',
    reason: `Consent was withdrawn${on}. Please do not pass copies on.`,
  });
}
