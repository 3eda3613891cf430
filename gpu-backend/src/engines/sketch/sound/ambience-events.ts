/**
 * Small sounds of places, each a fresh variation: peak about 1, mono. Called by ambience.ts and cue-sounds.ts.
 */
import { between, type Random } from './random.ts';
import { addNoise, addPartial, silence } from './synth.ts';

export type EventKind =
  | 'bird'
  | 'cricket'
  | 'owl'
  | 'gull'
  | 'drop'
  | 'drip'
  | 'bubble'
  | 'crackle'
  | 'thunder'
  | 'horn'
  | 'murmur'
  | 'squeak'
  | 'tick'
  | 'shimmer';

/** Renders one event. */
export function renderEvent(kind: EventKind, random: Random): Float32Array {
  return events[kind](random);
}

const events: Record<EventKind, (random: Random) => Float32Array> = {
  bird(random) {
    const notes = Math.round(between(random, 2, 6));
    const out = silence(notes * 0.14 + 0.1);
    const base = between(random, 2300, 4600);
    for (let i = 0; i < notes; i++) {
      const from = base * between(random, 0.85, 1.25);
      addPartial(out, {
        start: i * 0.13 + between(random, 0, 0.02),
        seconds: between(random, 0.05, 0.11),
        from,
        to: from * between(random, 0.75, 1.35),
        gain: between(random, 0.4, 0.9),
        attack: 0.012,
        release: 0.03,
        vibrato: { hz: between(random, 18, 40), depth: 0.03 },
      });
    }
    return out;
  },
  cricket(random) {
    const pulses = Math.round(between(random, 4, 9));
    const out = silence(pulses * 0.045 + 0.05);
    const hz = between(random, 4100, 4900);
    for (let i = 0; i < pulses; i++)
      addPartial(out, {
        start: i * 0.042,
        seconds: 0.026,
        from: hz,
        gain: 0.7,
        attack: 0.008,
        release: 0.012,
      });
    return out;
  },
  owl(random) {
    const out = silence(1.3);
    const hz = between(random, 320, 390);
    for (const [start, seconds] of [
      [0, 0.22],
      [0.42, 0.7],
    ] as const) {
      addPartial(out, {
        start,
        seconds,
        from: hz * 1.06,
        to: hz * 0.94,
        gain: 0.8,
        attack: 0.05,
        release: 0.15,
        vibrato: { hz: 6, depth: 0.012 },
      });
      addPartial(out, {
        start,
        seconds,
        from: hz * 2.12,
        to: hz * 1.88,
        gain: 0.12,
        attack: 0.05,
        release: 0.15,
      });
    }
    return out;
  },
  gull(random) {
    const out = silence(1.1);
    const calls = Math.round(between(random, 1, 3));
    for (let i = 0; i < calls; i++) {
      const hz = between(random, 1000, 1350);
      for (let h = 1; h <= 3; h++) {
        addPartial(out, {
          start: i * 0.36,
          seconds: 0.3,
          from: hz * h * 1.18,
          to: hz * h * 0.8,
          gain: 0.5 / h,
          attack: 0.03,
          release: 0.1,
        });
      }
    }
    return out;
  },
  drop(random) {
    const out = silence(0.05);
    addNoise(out, random, {
      band: 'band',
      from: between(random, 1500, 5200),
      q: 1.6,
      seconds: 0.03,
      decay: 0.03,
      gain: 0.9,
    });
    return out;
  },
  drip(random) {
    const out = silence(0.2);
    const hz = between(random, 900, 1700);
    addPartial(out, { from: hz, to: hz * 1.7, seconds: 0.12, decay: 0.12, gain: 0.9, attack: 0.002 });
    return out;
  },
  bubble(random) {
    const out = silence(0.1);
    const hz = between(random, 500, 1500);
    addPartial(out, {
      from: hz,
      to: hz * between(random, 1.2, 1.8),
      seconds: 0.08,
      decay: 0.08,
      gain: 0.8,
      attack: 0.004,
    });
    return out;
  },
  crackle(random) {
    const out = silence(0.04);
    addNoise(out, random, {
      band: 'band',
      from: between(random, 1800, 6500),
      q: 1.5,
      seconds: between(random, 0.004, 0.03),
      decay: 0.02,
      gain: 1,
    });
    return out;
  },
  thunder(random) {
    const out = silence(3);
    addNoise(out, random, {
      band: 'low',
      from: 700,
      to: 90,
      seconds: 3,
      attack: 0.02,
      decay: 3.2,
      gain: 0.9,
    });
    for (let i = 0; i < 7; i++) {
      addNoise(out, random, {
        band: 'low',
        from: between(random, 120, 380),
        to: 60,
        q: 1,
        start: random() * 1.4,
        seconds: 1,
        attack: 0.06,
        decay: 1,
        gain: between(random, 0.4, 1.1),
      });
    }
    return out;
  },
  horn(random) {
    const out = silence(0.5);
    const hz = between(random, 330, 420);
    for (const [ratio, gain] of [
      [1, 0.5],
      [1.26, 0.45],
      [2, 0.2],
      [2.52, 0.18],
      [3, 0.1],
    ] as const) {
      addPartial(out, {
        from: hz * ratio,
        seconds: between(random, 0.22, 0.45),
        gain,
        attack: 0.02,
        release: 0.06,
      });
    }
    return out;
  },
  murmur(random) {
    const seconds = between(random, 0.12, 0.4);
    const out = silence(seconds);
    addNoise(out, random, {
      band: 'band',
      from: between(random, 240, 520),
      q: 5,
      seconds,
      attack: 0.05,
      release: 0.08,
      gain: 1.2,
    });
    addNoise(out, random, {
      band: 'band',
      from: between(random, 900, 2300),
      q: 6,
      seconds,
      attack: 0.05,
      release: 0.08,
      gain: 0.5,
    });
    return out;
  },
  squeak(random) {
    const out = silence(0.16);
    const hz = between(random, 1900, 3100);
    for (let h = 1; h <= 3; h++) {
      addPartial(out, {
        from: hz * h,
        to: hz * h * between(random, 1.05, 1.3),
        seconds: between(random, 0.05, 0.13),
        gain: 0.6 / h,
        attack: 0.01,
        release: 0.03,
        vibrato: { hz: 60, depth: 0.02 },
      });
    }
    return out;
  },
  tick(random) {
    const out = silence(0.04);
    addNoise(out, random, { band: 'band', from: 2600, q: 5, seconds: 0.02, decay: 0.015, gain: 1 });
    addPartial(out, { from: 1800, seconds: 0.03, decay: 0.02, gain: 0.5 });
    return out;
  },
  shimmer(random) {
    const out = silence(2.4);
    for (let i = 0; i < 6; i++) {
      addPartial(out, {
        start: i * between(random, 0.05, 0.16),
        from: between(random, 1400, 5200),
        seconds: 1.4,
        decay: 1.2,
        attack: 0.2,
        release: 0.3,
        gain: 0.3,
      });
    }
    return out;
  },
};
