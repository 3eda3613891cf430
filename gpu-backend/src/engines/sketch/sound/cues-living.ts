/** Sounds of people and animals that creators ask for by name: mono. Called by cue-sounds.ts. */
import { renderEvent } from './ambience-events.ts';
import { chord, repeated, throat } from './cue-kit.ts';
import { between, type Random } from './random.ts';
import { addNoise, addPartial, silence } from './synth.ts';

export const livingSounds = {
  cheer(random) {
    const out = silence(2.6);
    for (const [hz, gain] of [
      [520, 0.9],
      [1150, 0.8],
      [2300, 0.5],
    ] as const) {
      addNoise(out, random, {
        band: 'band',
        from: hz * 0.8,
        to: hz * 1.15,
        q: 1.4,
        seconds: 2.6,
        attack: 0.35,
        release: 1.4,
        gain,
      });
    }
    for (let i = 0; i < 22; i++) {
      throat(out, between(random, 190, 420), [between(random, 600, 900), between(random, 1100, 1500)], {
        start: random() * 1.5,
        seconds: between(random, 0.3, 0.8),
        glide: between(random, 1, 1.25),
        gain: 0.12,
      });
    }
    return out;
  },
  applause(random) {
    const out = silence(2.6);
    for (let i = 0; i < 260; i++) {
      const start = random() * 2.3;
      addNoise(out, random, {
        band: 'band',
        from: between(random, 900, 2600),
        q: 1.6,
        start,
        seconds: 0.03,
        decay: 0.03,
        gain: between(random, 0.1, 0.5) * (1 - (start / 2.6) ** 3),
      });
    }
    return out;
  },
  laugh(random) {
    return repeated(6, 0.17, (i) => {
      const out = silence(0.16);
      throat(out, (260 - i * 9) * between(random, 0.96, 1.04), [760, 1250], {
        start: 0,
        seconds: 0.13,
        glide: 0.88,
        gain: 0.5,
      });
      addNoise(out, random, { band: 'band', from: 1500, q: 1, seconds: 0.05, decay: 0.06, gain: 0.12 });
      return out;
    });
  },
  footsteps(random) {
    return repeated(5, 0.42, (i) => {
      const out = silence(0.18);
      addPartial(out, { from: 110 + (i % 2) * 12, to: 62, seconds: 0.09, decay: 0.08, gain: 0.8 });
      addNoise(out, random, {
        band: 'band',
        from: between(random, 900, 1500),
        q: 0.8,
        seconds: 0.07,
        decay: 0.06,
        gain: 0.5,
      });
      return out;
    });
  },
  birds: (random) => repeated(3, 0.6, () => renderEvent('bird', random)),
  crickets: (random) => repeated(4, 0.5, () => renderEvent('cricket', random)),
  gull: (random) => renderEvent('gull', random),
  owl: (random) => renderEvent('owl', random),
  bark(random) {
    return repeated(2, 0.34, () => {
      const out = silence(0.22);
      throat(out, between(random, 230, 270), [750, 1500], {
        start: 0,
        seconds: 0.17,
        glide: 0.62,
        gain: 0.8,
      });
      addNoise(out, random, { band: 'band', from: 1300, q: 0.8, seconds: 0.12, decay: 0.12, gain: 0.45 });
      return out;
    });
  },
  meow() {
    const out = silence(0.8);
    throat(out, 480, [900, 1900], { start: 0, seconds: 0.3, glide: 1.35, gain: 0.6 });
    throat(out, 640, [800, 1500], { start: 0.24, seconds: 0.5, glide: 0.66, gain: 0.6 });
    return out;
  },
  knock() {
    return repeated(3, 0.2, () => {
      const out = silence(0.16);
      chord(
        out,
        185,
        [
          [1, 1],
          [2.4, 0.4],
          [4.1, 0.2],
        ],
        { seconds: 0.15, decay: 0.12 },
      );
      return out;
    });
  },
  heartbeat() {
    return repeated(3, 0.85, () => {
      const out = silence(0.5);
      addPartial(out, { from: 68, to: 44, seconds: 0.16, decay: 0.18, gain: 1, attack: 0.008 });
      addPartial(out, {
        from: 58,
        to: 40,
        start: 0.26,
        seconds: 0.16,
        decay: 0.18,
        gain: 0.7,
        attack: 0.008,
      });
      return out;
    });
  },
  buzz() {
    const out = silence(1.4);
    for (let h = 1; h <= 8; h++)
      addPartial(out, {
        from: 205 * h,
        seconds: 1.4,
        gain: 0.6 / h,
        attack: 0.3,
        release: 0.5,
        vibrato: { hz: 5 + h * 0.1, depth: 0.03 },
      });
    return out;
  },
} satisfies Record<string, (random: Random) => Float32Array>;
