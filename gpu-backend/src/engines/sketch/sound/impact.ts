/**
 * The sound of one contact, starting at its first sample: two damped modal bodies struck together plus the noise of the
 * touch (splashes, bursts and launches have their own gestures). Peak is 1; how loud it is heard is decided in
 * contacts.ts. Called by contacts.ts.
 */
import type { ContactEvent, Material } from '../simulation-log.ts';
import { type MaterialSound, materialSounds } from './materials.ts';
import { between, type Random } from './random.ts';
import { addNoise, addPartial, normalize, silence } from './synth.ts';

/** @param strength 0 a touch … 1 the hardest blow of the clip: harder is brighter and rings longer. */
export function renderContact(contact: ContactEvent, strength: number, random: Random): Float32Array {
  switch (contact.kind) {
    case 'splash':
      return splash(contact.size, strength, random);
    case 'burst':
      return burst(contact.size, strength, random);
    case 'launch':
      return launch(contact.size, strength, random);
    case 'impact':
      return contact.materials.includes('water')
        ? splash(contact.size, strength, random)
        : impact(contact.materials, contact.size, strength, random);
  }
}

function impact(
  pair: readonly [Material, Material],
  size: number,
  strength: number,
  random: Random,
): Float32Array {
  const [near, far] = [materialSounds[pair[0]], materialSounds[pair[1]]];
  // The softer of two bodies decides how long they touch, and with that how bright the blow is.
  const brightness =
    (1 /
      (0.7 / Math.min(near.brightness, far.brightness) + 0.3 / Math.max(near.brightness, far.brightness))) *
    (0.55 + 0.9 * strength);
  const longest = Math.max(near.decay, far.decay) * (0.5 + 0.5 * strength);
  const out = silence(Math.min(1.8, Math.max(0.09, longest)) + 0.02);
  const softest = Math.min(near.brightness, far.brightness);
  addModes(out, near, size, 1, brightness, softest, strength, random);
  addModes(
    out,
    far,
    Math.max(0.5, size * 2.2),
    pair[0] === pair[1] ? 0.35 : 0.6,
    brightness,
    softest,
    strength,
    random,
  );
  for (const { touch } of [near, far]) {
    addNoise(out, random, {
      band: 'band',
      from: Math.min(touch.hz, brightness * 1.4),
      q: 0.7,
      seconds: touch.seconds,
      decay: touch.seconds,
      gain: touch.gain * (0.35 + 0.65 * strength) * 0.8,
      attack: 0.0006,
    });
  }
  return normalize(out);
}

function addModes(
  out: Float32Array,
  material: MaterialSound,
  size: number,
  weight: number,
  brightness: number,
  softest: number,
  strength: number,
  random: Random,
): void {
  const metres = Math.min(6, Math.max(0.02, size));
  const base =
    Math.min(3200, Math.max(42, material.base * (0.3 / metres) ** 0.7)) * between(random, 0.97, 1.03);
  // A soft partner stays in touch and damps the ringing one.
  const held = softest < 1500 && material.brightness > 2000 ? 0.45 : 1;
  for (const [ratio, gain] of material.modes) {
    const hz = base * ratio * between(random, 0.99, 1.01);
    const struck = 1 / (1 + (hz / brightness) ** 2);
    const decay = (material.decay * held * (0.55 + 0.45 * strength)) / (1 + material.damping * (ratio - 1));
    addPartial(out, {
      from: hz * (material.decay < 0.3 ? 1.05 : 1),
      to: hz,
      seconds: out.length / 48_000,
      decay,
      attack: 0.0006,
      gain: gain * weight * material.ring * struck * between(random, 0.75, 1.1),
      phase: 0.02,
    });
  }
}

/** A splash: the slap on the surface, spray, then bubbles (Minnaert: f ≈ 3.26 m/s ÷ radius). */
function splash(size: number, strength: number, random: Random): Float32Array {
  const seconds = 0.45 + 0.7 * strength * Math.min(1.4, Math.sqrt(size));
  const out = silence(seconds);
  const body = Math.min(1, size);
  addNoise(out, random, {
    band: 'low',
    from: 900,
    to: 260,
    seconds: 0.16,
    decay: 0.14,
    gain: 0.9 * (0.4 + body),
  });
  addPartial(out, {
    from: 150 / (0.4 + body),
    to: 62,
    seconds: 0.18,
    decay: 0.16,
    gain: 0.7 * body * (0.4 + strength),
  });
  addNoise(out, random, {
    band: 'band',
    from: 3200,
    to: 1400,
    q: 0.6,
    seconds,
    decay: seconds * 0.8,
    gain: 0.55,
    attack: 0.004,
  });
  const bubbles = Math.round(5 + 16 * strength);
  for (let i = 0; i < bubbles; i++) {
    const hz = 3.26 / between(random, 0.0025, 0.009);
    const start = 0.04 + random() ** 1.6 * (seconds - 0.14);
    addPartial(out, {
      from: hz,
      to: hz * between(random, 1.15, 1.6),
      start,
      seconds: 0.07,
      decay: 0.06,
      attack: 0.003,
      gain: between(random, 0.05, 0.2),
    });
  }
  return normalize(out);
}

/** A burst: firework, balloon, explosion: crack, thump and crackling debris. */
function burst(size: number, strength: number, random: Random): Float32Array {
  const big = Math.min(1, size / 2);
  const seconds = 0.25 + 1.3 * Math.max(big, strength * 0.6);
  const out = silence(seconds);
  addNoise(out, random, { band: 'high', from: 1800, seconds: 0.03, decay: 0.025, gain: 1 });
  addNoise(out, random, {
    band: 'low',
    from: 2400 - 1200 * big,
    to: 180,
    seconds,
    decay: seconds * 0.7,
    gain: 0.8,
  });
  addPartial(out, {
    from: 130 - 50 * big,
    to: 38,
    seconds: Math.min(seconds, 0.6),
    decay: 0.45,
    gain: 0.5 + 0.7 * big,
  });
  const crackles = Math.round(26 * Math.max(big, strength * 0.5));
  for (let i = 0; i < crackles; i++) {
    const start = 0.1 + random() * (seconds - 0.14);
    addNoise(out, random, {
      band: 'band',
      from: between(random, 2500, 7500),
      q: 2,
      start,
      seconds: 0.012,
      decay: 0.01,
      gain: between(random, 0.05, 0.22) * (1 - start / seconds),
    });
  }
  return normalize(out);
}

/** A launch: thump of the push, then air rushing away. */
function launch(size: number, strength: number, random: Random): Float32Array {
  const seconds = 0.35 + 0.5 * strength;
  const out = silence(seconds);
  addPartial(out, { from: 210, to: 62, seconds: 0.16, decay: 0.14, gain: 0.7 * Math.min(1, 0.4 + size) });
  addNoise(out, random, { band: 'low', from: 1400, to: 500, seconds: 0.05, decay: 0.05, gain: 0.7 });
  addNoise(out, random, {
    band: 'band',
    from: 700,
    to: 3400,
    q: 1.1,
    seconds,
    attack: 0.01,
    decay: seconds,
    gain: 0.6,
  });
  return normalize(out);
}
