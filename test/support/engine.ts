/** An engine that can do everything the tests ask for. No platform types: used in workerd and in Node. */
import type { EngineCapability } from '#schemas/engine.ts';

export const engine: EngineCapability = {
  name: 'sketch',
  version: '1.0.0',
  description: 'An engine for tests.',
  models: ['test'],
  seconds: { min: 2, max: 20 },
  sizes: ['720x1280', '1280x720'],
  fps: 30,
  audio: true,
  dialogue: 'captioned',
  soundCues: true,
  imageRef: false,
  videoRef: false,
  audioRef: false,
  cancel: 'step',
  biometricsAllowed: true,
  region: 'local',
  creditsPerSecond: 1,
  digitalSourceType: 'algorithmicMedia',
};
