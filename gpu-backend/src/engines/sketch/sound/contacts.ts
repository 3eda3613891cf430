/**
 * Turns the physics log into sound: every audible contact becomes one shot that starts on the sample of its contact, every
 * continuous contact a bed that follows its level. Nothing here moves a sound in time: K-03 depends on it.
 * Called by render-sound.ts.
 */
import type { ContactEvent, ContinuousSound, Material, SimulationLog } from '../simulation-log.ts';
import { panGains, StateVariableFilter, sampleRate } from './filters.ts';
import { renderContact } from './impact.ts';
import { materialSounds } from './materials.ts';
import { type Bed, blockFrames, type Shot } from './mixer.ts';
import { createRandom, deriveSeed } from './random.ts';

/** Within this window only the strongest `maxTogether` contacts sound: the rest are masked by them. */
const maskingWindow = 0.012;
const maxTogether = 5;
/** Below this share of the strongest contact a touch is not heard. */
const inaudible = 0.02;

/** Relative loudness of materials struck equally hard. */
const loudness: Partial<Record<Material, number>> = {
  metal: 0.8,
  glass: 0.85,
  fabric: 0.55,
  snow: 0.6,
  sand: 0.65,
  flesh: 0.7,
  paper: 0.6,
  air: 0.6,
};

/** The contacts that will be heard, in time order. Tests compare their onsets with the rendering. */
export function audibleContacts(log: SimulationLog): readonly ContactEvent[] {
  const loudest = referenceImpulse(log);
  const sorted = log.contacts.filter((c) => c.impulse > inaudible * loudest).sort((a, b) => a.time - b.time);
  return sorted.filter((contact, index) => {
    let stronger = 0;
    for (let k = index - 1; k >= 0 && contact.time - (sorted[k]?.time ?? 0) < maskingWindow; k--) {
      if ((sorted[k]?.impulse ?? 0) >= contact.impulse) stronger++;
    }
    for (let k = index + 1; k < sorted.length && (sorted[k]?.time ?? 0) - contact.time < maskingWindow; k++) {
      if ((sorted[k]?.impulse ?? 0) > contact.impulse) stronger++;
    }
    return stronger < maxTogether;
  });
}

/** Ninetieth percentile of the impulses: one freak collision does not silence the rest. */
function referenceImpulse(log: SimulationLog): number {
  const impulses = log.contacts.map((c) => c.impulse).sort((a, b) => a - b);
  return Math.max(1e-6, impulses[Math.floor(impulses.length * 0.9)] ?? 0);
}

/** One shot per audible contact. */
export function contactShots(log: SimulationLog, seed: number): Shot[] {
  const reference = referenceImpulse(log);
  const contacts = audibleContacts(log);
  return contacts.map((contact, index) => {
    // Loudness grows with about the square root of the blow, as hearing compresses.
    const strength = Math.min(1, (contact.impulse / reference) ** 0.5);
    const crowd = crowding(contacts, index);
    const soft = Math.min(...contact.materials.map((m) => loudness[m] ?? 1));
    const near = 1 - 0.65 * contact.distance;
    return {
      start: Math.round(contact.time * sampleRate),
      bus: 'contact',
      pan: contact.pan,
      gain: (0.75 * (0.12 + 0.88 * strength) * soft * near) / Math.sqrt(crowd),
      send: 0.16 + 0.45 * contact.distance,
      ...(contact.distance > 0.15
        ? { lowPass: 15_000 * (1 - contact.distance) + 2600 * contact.distance }
        : {}),
      render: () => renderContact(contact, strength, createRandom(deriveSeed(seed, 'contact', index))),
    };
  });
}

/** How many contacts share a tenth of a second with this one, softened: a landslide is loud, not a hundred times a stone. */
function crowding(contacts: readonly ContactEvent[], index: number): number {
  const time = contacts[index]?.time ?? 0;
  let near = 0;
  for (let k = index - 1; k >= 0 && time - (contacts[k]?.time ?? 0) < 0.1; k--) near++;
  for (let k = index + 1; k < contacts.length && (contacts[k]?.time ?? 0) - time < 0.1; k++) near++;
  return 1 + near / 4;
}

/** One bed per continuous sound of the log. */
export function continuousBeds(log: SimulationLog, seed: number): Bed[] {
  return log.continuous.map((sound, index) =>
    continuousBed(sound, log.fps, deriveSeed(seed, 'continuous', index)),
  );
}

const tuning: Record<
  ContinuousSound['kind'],
  { band: 'low' | 'band'; hz: number; q: number; gain: number; send: number }
> = {
  roll: { band: 'low', hz: 420, q: 0.9, gain: 0.5, send: 0.12 },
  slide: { band: 'band', hz: 1500, q: 0.9, gain: 0.3, send: 0.14 },
  wind: { band: 'band', hz: 520, q: 2.2, gain: 0.5, send: 0.1 },
  engine: { band: 'low', hz: 700, q: 0.8, gain: 0.34, send: 0.1 },
  water: { band: 'band', hz: 900, q: 0.6, gain: 0.4, send: 0.12 },
};

function continuousBed(sound: ContinuousSound, fps: number, seed: number): Bed {
  const random = createRandom(seed);
  const { band, hz, q, gain, send } = tuning[sound.kind];
  const hard = Math.sqrt(Math.min(6000, materialSounds[sound.material].brightness) / 3000);
  const filter = new StateVariableFilter(hz, q);
  const [left, right] = panGains(sound.pan);
  let [phase, grain, smooth] = [0, 1, 0];
  return {
    send,
    add(outLeft, outRight, from) {
      for (let i = 0; i < blockFrames; i++) {
        const position = ((from + i) / sampleRate) * fps;
        const k = Math.floor(position);
        const a = sound.levels[k] ?? 0;
        const b = sound.levels[k + 1] ?? a;
        const level = a + (b - a) * (position - k);
        if (i % 64 === 0) {
          // Rolling is grainy, wind breathes, the rest is steady.
          grain +=
            ((sound.kind === 'roll'
              ? 0.35 + 1.1 * random()
              : sound.kind === 'wind'
                ? 0.7 + 0.6 * random()
                : 1) -
              grain) *
            0.3;
          filter.tune(hz * hard * (sound.kind === 'wind' ? 0.6 + 1.1 * level * grain : 0.7 + 0.6 * level), q);
        }
        smooth += 0.004 * (level - smooth);
        if (smooth < 1e-4) continue;
        let x = random() * 2 - 1;
        if (sound.kind === 'engine') {
          phase = (phase + (38 + 95 * smooth) / sampleRate) % 1;
          x = (phase * 2 - 1) * 0.8 + ((phase * 2) % 1) * 0.5 - 0.25 + x * 0.12;
        }
        filter.tick(x);
        const y = (band === 'low' ? filter.low : filter.band) * smooth * gain * grain;
        outLeft[i] = (outLeft[i] ?? 0) + y * left;
        outRight[i] = (outRight[i] ?? 0) + y * right;
      }
    },
  };
}
