/**
 * The sketch engine: a physics scene drawn and voiced from the prompt's words on the CPU, with no AI model. Called through the
 * engine registry.
 */
import { type EngineCapability, frameSizes, parseFrameSize } from '#schemas/engine.ts';
import type { Engine, EngineContext } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { startDrawing } from './draw/frame-stream.ts';
import { model } from './report.ts';
import { speakerIndex } from './scene/cast.ts';
import { framesPerSecond } from './scene/read-scene.ts';
import { findVoice, renderSound } from './sound/render-sound.ts';

const capability: EngineCapability = {
  name: 'sketch',
  version: '1.0.0',
  description:
    'A sketch engine: it reads the words of the prompt, sets up a physics scene and draws and sounds what happens. No AI model; it knows a limited set of things and actions.',
  models: [model],
  seconds: { min: 2, max: 20 },
  sizes: [...frameSizes],
  fps: framesPerSecond,
  audio: true,
  // Captioned always; spoken too where this machine has a voice.
  dialogue: (await findVoice()) === undefined ? 'captioned' : 'spoken',
  soundCues: true,
  imageRef: false,
  videoRef: false,
  audioRef: false,
  cancel: 'step',
  biometricsAllowed: true,
  creditsPerSecond: 1,
  region: 'local',
  digitalSourceType: 'algorithmicMedia',
};

/** @throws EngineError if the portrait did not arrive with the job */
function photoOf(context: EngineContext, cameoId: string): string {
  const path = context.portraits.get(cameoId);
  if (path === undefined)
    throw new EngineError('engine_failed', 'A portrait this clip needs did not arrive.', { retryable: true });
  return path;
}

export const sketchEngine: Engine = {
  capability,
  async render(spec, context) {
    const { min, max } = capability.seconds;
    if (spec.seconds < min || spec.seconds > max) {
      throw new EngineError('engine_refused', `The sketch engine makes clips of ${min} to ${max} seconds.`);
    }
    const { width, height } = parseFrameSize(spec.size);
    const cast = spec.cast.map(({ cameoId, handle, displayName, portrait }) => ({
      handle,
      displayName,
      portrait:
        portrait.kind === 'drawn' ? portrait : { kind: 'photo' as const, path: photoOf(context, cameoId) },
    }));
    const { ready, frames } = await startDrawing({ ...spec, cast }, context);
    const { log } = ready;
    const blocks = renderSound({
      log,
      mood: ready.mood,
      durationSeconds: log.frameCount / log.fps,
      seed: ready.seed,
      cues: spec.soundCues.map(({ sound, at }) => (at === undefined ? { sound } : { sound, at })),
      dialogue: ready.dialogue.map((line) => {
        const voice = spec.cast[speakerIndex(line.speaker, spec.cast)]?.voice;
        return voice === undefined || voice === null ? line : { ...line, voice };
      }),
    });
    return {
      kind: 'frames',
      width,
      height,
      fps: log.fps,
      frameCount: log.frameCount,
      frames,
      audio: { sampleRate: 48000, blocks },
      report: ready.report,
    };
  },
};
