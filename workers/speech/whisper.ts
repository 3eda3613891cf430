/**
 * Whisper on Workers AI. Invariant: an answer of another shape than documented is a fault, never a transcript; what was said is not
 * logged. Called by hear-digits.ts.
 *
 * Wire format: https://developers.cloudflare.com/workers-ai/models/whisper-large-v3-turbo/ (audio in base64; text, and segments with their
 * probability of holding no speech).
 */
import { z } from 'zod';

const model = '@cf/openai/whisper-large-v3-turbo';

/** The part of the `AI` binding this needs. */
export interface WorkersAi {
  run(model: string, input: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** Turns sound into words. @throws when there is no answer */
export type SpeechRecogniser = (audio: Uint8Array) => Promise<string>;

/** Only `text` is promised. A quiet stretch comes back as a segment with words nobody said and a high `no_speech_prob`. */
const answerSchema = z.object({
  text: z.string(),
  segments: z
    .array(z.object({ text: z.string().optional(), no_speech_prob: z.number().optional() }))
    .optional(),
});

/** The model's own mark for "nobody speaks here" (`no_speech_threshold`). */
const noSpeechAt = 0.6;

/** The recogniser of this Worker; null where the binding is absent, as it is locally. */
export function recogniserOf(env: object): SpeechRecogniser | null {
  const ai: unknown = Reflect.get(env, 'AI');
  return isWorkersAi(ai) ? (audio) => transcribe(ai, audio) : null;
}

function isWorkersAi(value: unknown): value is WorkersAi {
  return typeof value === 'object' && value !== null && 'run' in value && typeof value.run === 'function';
}

async function transcribe(ai: WorkersAi, audio: Uint8Array): Promise<string> {
  const answer = await ai.run(model, {
    audio: base64(audio),
    task: 'transcribe',
    // People count in their own language; digits come back as numerals in most.
    vad_filter: true,
    condition_on_previous_text: false,
  });
  const { text, segments } = answerSchema.parse(answer);
  if (segments === undefined || segments.length === 0) return text;
  return segments
    .filter((segment) => (segment.no_speech_prob ?? 0) < noSpeechAt)
    .map((segment) => segment.text ?? '')
    .join(' ');
}

/** In pieces: a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(binary);
}
