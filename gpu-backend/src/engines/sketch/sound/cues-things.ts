/** Sounds of things and weather that creators ask for by name: mono. Called by cue-sounds.ts. */
import { renderEvent } from './ambience-events.ts';
import { chord, repeated } from './cue-kit.ts';
import { between, type Random } from './random.ts';
import { addNoise, addPartial, addShot, silence } from './synth.ts';

export const thingSounds = {
  bell() {
    const out = silence(2.8);
    chord(
      out,
      520,
      [
        [0.5, 0.4],
        [1, 1],
        [1.19, 0.5],
        [1.56, 0.3],
        [2, 0.6],
        [2.51, 0.3],
        [3.01, 0.25],
        [4.1, 0.15],
      ],
      { seconds: 2.8, decay: 2.6 },
    );
    return out;
  },
  chime(random) {
    return repeated(4, 0.14, (i) => {
      const out = silence(1.4);
      chord(
        out,
        [1047, 1319, 1568, 2093][i] ?? 1047,
        [
          [1, 1],
          [2.76, 0.3],
          [5.4, 0.1],
        ],
        { seconds: 1.4, decay: between(random, 1, 1.4) },
      );
      return out;
    });
  },
  whistle(random) {
    const out = silence(0.75);
    addPartial(out, {
      from: 2750,
      seconds: 0.7,
      gain: 0.8,
      attack: 0.02,
      release: 0.08,
      vibrato: { hz: 34, depth: 0.02 },
    });
    addPartial(out, {
      from: 2810,
      seconds: 0.7,
      gain: 0.5,
      attack: 0.02,
      release: 0.08,
      vibrato: { hz: 31, depth: 0.02 },
    });
    addNoise(out, random, {
      band: 'band',
      from: 2800,
      q: 3,
      seconds: 0.7,
      attack: 0.02,
      release: 0.08,
      gain: 0.4,
    });
    return out;
  },
  thunder: (random) => renderEvent('thunder', random),
  explosion(random) {
    const out = silence(2.4);
    addNoise(out, random, { band: 'low', from: 3200, to: 90, seconds: 2.4, decay: 2, gain: 1 });
    addPartial(out, { from: 95, to: 28, seconds: 1.2, decay: 1.1, gain: 1 });
    for (let i = 0; i < 24; i++)
      addNoise(out, random, {
        band: 'band',
        from: between(random, 600, 4200),
        q: 1.5,
        start: 0.15 + random() * 1.4,
        seconds: 0.05,
        decay: 0.05,
        gain: between(random, 0.05, 0.25),
      });
    return out;
  },
  splash(random) {
    const out = silence(1.2);
    addNoise(out, random, { band: 'low', from: 1100, to: 260, seconds: 0.3, decay: 0.25, gain: 0.9 });
    addNoise(out, random, {
      band: 'band',
      from: 3400,
      to: 1300,
      q: 0.6,
      seconds: 1.2,
      decay: 0.9,
      gain: 0.6,
    });
    for (let i = 0; i < 14; i++) addShot(out, renderEvent('bubble', random), 0.1 + random() * 0.8, 0.2);
    return out;
  },
  whoosh(random) {
    const out = silence(0.9);
    addNoise(out, random, {
      band: 'band',
      from: 260,
      to: 2600,
      q: 1.4,
      seconds: 0.45,
      attack: 0.3,
      release: 0.1,
      gain: 0.9,
    });
    addNoise(out, random, {
      band: 'band',
      from: 2600,
      to: 320,
      q: 1.4,
      start: 0.35,
      seconds: 0.55,
      attack: 0.06,
      release: 0.4,
      gain: 0.9,
    });
    return out;
  },
  horn(random) {
    return repeated(2, 0.42, () => renderEvent('horn', random));
  },
  shatter(random) {
    const out = silence(1.3);
    addNoise(out, random, { band: 'high', from: 2600, seconds: 0.25, decay: 0.22, gain: 1 });
    for (let i = 0; i < 40; i++)
      addPartial(out, {
        from: between(random, 2300, 9500),
        start: 0.01 + random() ** 2 * 0.9,
        seconds: 0.3,
        decay: between(random, 0.08, 0.3),
        gain: between(random, 0.08, 0.3),
      });
    return out;
  },
  clock: (random) => repeated(4, 0.5, () => renderEvent('tick', random)),
  siren() {
    const out = silence(2.4);
    for (const [start, from, to] of [
      [0, 560, 1050],
      [0.6, 1050, 560],
      [1.2, 560, 1050],
      [1.8, 1050, 560],
    ] as const) {
      chord(
        out,
        from,
        [
          [1, 0.8],
          [2, 0.25],
          [3, 0.14],
        ],
        { start, seconds: 0.6, attack: 0.01, release: 0.01, glide: to / from },
      );
    }
    return out;
  },
  beep() {
    return repeated(2, 0.26, () => {
      const out = silence(0.16);
      chord(
        out,
        1046,
        [
          [1, 1],
          [2, 0.2],
          [3, 0.1],
        ],
        { seconds: 0.15, attack: 0.004, release: 0.02 },
      );
      return out;
    });
  },
  drum(random) {
    return repeated(8, 0.09, (i) => {
      const out = silence(0.4);
      const loud = i === 7 ? 1 : 0.35 + i * 0.05;
      addPartial(out, { from: 190, to: 120, seconds: 0.2, decay: 0.16, gain: 0.6 * loud });
      addNoise(out, random, {
        band: 'band',
        from: 2600,
        q: 0.6,
        seconds: 0.18,
        decay: 0.16,
        gain: 0.6 * loud,
      });
      return out;
    });
  },
  click(random) {
    return repeated(2, 0.09, () => renderEvent('tick', random));
  },
  creak(random) {
    const out = silence(1.1);
    for (let t = 0; t < 1; t += between(random, 0.012, 0.035))
      addPartial(out, {
        from: 420 + 320 * t,
        start: t,
        seconds: 0.02,
        decay: 0.02,
        gain: between(random, 0.3, 0.9),
      });
    return out;
  },
  fire: (random) => repeated(14, 0.11, () => renderEvent('crackle', random)),
  wave(random) {
    const out = silence(3);
    addNoise(out, random, {
      band: 'low',
      from: 300,
      to: 1500,
      seconds: 1.4,
      attack: 1.2,
      release: 0.2,
      gain: 0.7,
    });
    addNoise(out, random, {
      band: 'band',
      from: 2600,
      to: 900,
      q: 0.5,
      start: 1.1,
      seconds: 1.9,
      attack: 0.2,
      release: 1.5,
      gain: 0.9,
    });
    return out;
  },
  rain(random) {
    return repeated(40, 0.06, () => renderEvent('drop', random));
  },
  magic(random) {
    return repeated(9, 0.07, (i) => {
      const out = silence(0.9);
      chord(
        out,
        880 * 2 ** (([0, 2, 4, 7, 9, 12, 14, 16, 19][i] ?? 0) / 12),
        [
          [1, 0.8],
          [2, 0.3],
          [3.01, 0.12],
        ],
        { seconds: 0.9, decay: between(random, 0.6, 0.9) },
      );
      return out;
    });
  },
  pop() {
    const out = silence(0.12);
    addPartial(out, { from: 420, to: 1100, seconds: 0.07, decay: 0.08, gain: 1, attack: 0.002 });
    return out;
  },
  engine(random) {
    const out = silence(2);
    chord(
      out,
      62,
      [
        [1, 1],
        [2, 0.7],
        [3, 0.5],
        [4, 0.35],
        [6, 0.2],
        [8, 0.12],
      ],
      { seconds: 2, attack: 0.2, release: 0.6, glide: 1.7 },
    );
    addNoise(out, random, {
      band: 'band',
      from: 300,
      to: 600,
      q: 0.7,
      seconds: 2,
      attack: 0.3,
      release: 0.6,
      gain: 0.4,
    });
    return out;
  },
  train() {
    const out = silence(1.8);
    for (const hz of [311, 370, 415, 494])
      chord(
        out,
        hz,
        [
          [1, 0.5],
          [2, 0.25],
          [3, 0.12],
        ],
        { seconds: 1.7, attack: 0.08, release: 0.5 },
      );
    return out;
  },
  fanfare() {
    return repeated(4, 0.18, (i) => {
      const out = silence(i === 3 ? 1.1 : 0.2);
      chord(
        out,
        [392, 523, 659, 784][i] ?? 392,
        [
          [1, 1],
          [2, 0.7],
          [3, 0.5],
          [4, 0.3],
          [5, 0.2],
        ],
        { seconds: i === 3 ? 1 : 0.17, attack: 0.02, release: 0.06 },
      );
      return out;
    });
  },
  laser() {
    const out = silence(0.35);
    chord(
      out,
      2400,
      [
        [1, 0.8],
        [2, 0.3],
      ],
      { seconds: 0.3, glide: 0.1, decay: 0.5 },
    );
    return out;
  },
  phone() {
    return repeated(10, 0.06, (i) => {
      const out = silence(0.07);
      chord(
        out,
        i % 2 ? 1320 : 1050,
        [
          [1, 0.8],
          [2, 0.2],
        ],
        { seconds: 0.065, attack: 0.004, release: 0.01 },
      );
      return out;
    });
  },
  /** Heard when the words are not known: a soft rising accent that belongs to nothing in particular. */
  accent(random) {
    const out = silence(1.2);
    addNoise(out, random, {
      band: 'band',
      from: 500,
      to: 1800,
      q: 2,
      seconds: 0.35,
      attack: 0.3,
      release: 0.04,
      gain: 0.35,
    });
    chord(
      out,
      392,
      [
        [1, 0.7],
        [1.5, 0.4],
        [2, 0.3],
        [3, 0.1],
      ],
      { start: 0.3, seconds: 0.9, decay: 0.9, attack: 0.01 },
    );
    return out;
  },
} satisfies Record<string, (random: Random) => Float32Array>;
