/** How prompts are understood: what a person who wrote the prompt would expect to see named in the scene. */
import { describe, expect, it } from 'vitest';
import { readScene } from '../../gpu-backend/src/engines/sketch/scene/read-scene.ts';
import type { ActionName, Scene } from '../../gpu-backend/src/engines/sketch/scene/scene.ts';

function read(prompt: string, more: Partial<Parameters<typeof readScene>[0]> = {}): Scene {
  return readScene({ prompt, seed: 11, seconds: 10, size: '720x1280', dialogue: [], ...more });
}

const fitting: readonly (readonly [string, ActionName])[] = [
  ['a basketball bounces off the rim, hits the backboard and drops in, at sunset', 'basketball'],
  ['a long row of dominoes topples in a cozy room', 'dominoes'],
  ["a Newton's cradle clicking on a desk", 'newtons-cradle'],
  ['a red car jumps over a ramp in the desert', 'car-jump'],
  ['a clown juggling four oranges', 'juggling'],
  ['an avalanche of wooden blocks', 'tower-collapse'],
  ['a paper boat rides the waves in a storm', 'boat'],
  ['a see-saw catapults a frog into the air', 'see-saw'],
  ['a marble run with glass marbles', 'marble-run'],
  ['three balloons rise over the hills', 'balloons'],
  ['building a snowman at dusk', 'snowman'],
  ['fireworks over the harbour', 'fireworks'],
  ['a perfect strike at the bowling alley', 'bowling'],
  ['a wrecking ball smashes through an old wall', 'wrecking-ball'],
  ['a rain of strawberries over the city', 'rain-of-things'],
  ['a cat hopping through the forest', 'hopping'],
  ['a rocket lifts off at dawn', 'rocket'],
  ['paper lanterns float into the night', 'lanterns'],
  ['two bouncing balls on the beach', 'bouncing-balls'],
  ['a whale swims past a coral reef', 'swimming'],
];

describe('reading a prompt', () => {
  it.each(fitting)('%s → %s', (prompt, action) => {
    for (const seed of [0, 1, 77, 4_000_000_000]) expect(read(prompt, { seed }).action).toBe(action);
  });

  it('gives colours and counts to the noun they stand by', () => {
    const { subjects } = read('a bright red car and three small blue balloons by a green truck');
    expect(subjects).toContainEqual({ kind: 'car', class: 'vehicle', color: '#e0362f' });
    expect(subjects).toContainEqual({ kind: 'balloon', class: 'thing', color: '#2f6fde', count: 3 });
    expect(subjects).toContainEqual({ kind: 'truck', class: 'vehicle', color: '#4caf50' });
    expect(read('the car is painted yellow').subjects[0]?.color).toBe('#fbc531');
  });

  it('tells an orange cat from an orange', () => {
    expect(read('an orange cat hops').subjects).toEqual([
      { kind: 'cat', class: 'creature', color: '#f5822a' },
    ]);
    expect(read('juggling oranges').subjects).toEqual([{ kind: 'orange', class: 'fruit' }]);
  });

  it('understands what is ruled out', () => {
    expect(read('a boat at sea, no storm').weather).toBe('clear');
    expect(read('a cat without a dog hops in the park').subjects.map((s) => s.kind)).toEqual(['cat']);
    expect(read('a basketball misses the hoop').outcome).toBe('miss');
    expect(read('the basketball does not go in').outcome).toBe('miss');
    expect(read('the basketball drops in').outcome).toBe('success');
  });

  it('reads place, hour, weather and style', () => {
    const scene = read('dominoes in a foggy forest at night, watercolor');
    expect(scene).toMatchObject({ setting: 'forest', time: 'night', weather: 'fog', style: 'watercolour' });
    expect(read('a ball on the moon').gravity).toBeLessThan(2);
  });

  it('lets words it does not know move the picture instead of ignoring them', () => {
    const one = read('a boat at sea, flumbling zorbs, storybook at noon');
    const other = read('a boat at sea, crinkled wumpuses, storybook at noon');
    expect(one.action).toBe(other.action);
    expect(one.palette).not.toEqual(other.palette);
    expect(one.seed).not.toBe(other.seed);
  });

  it('keeps what a remix does not mention and changes what it names', () => {
    const parent = { prompt: 'a red car jumps over a ramp in the desert at sunset, storybook', seed: 5 };
    const before = read(parent.prompt, { seed: parent.seed });
    const after = read('make the car blue and let it be night', { seed: 99, parent });
    expect(after).toMatchObject({ action: 'car-jump', setting: 'desert', style: 'storybook', time: 'night' });
    expect(after.seed).toBe(before.seed);
    expect(after.subjects).toEqual([{ kind: 'car', class: 'vehicle', color: '#2f6fde' }]);
    const dry = read('without rain', { parent: { prompt: 'a cat hops in the rain in a park', seed: 5 } });
    expect(dry).toMatchObject({ weather: 'clear', action: 'hopping', setting: 'park' });
  });

  it('gives every line of dialogue its own time inside the clip', () => {
    const dialogue = Array.from({ length: 8 }, (_, i) => ({
      speaker: 'Ada',
      text: `line ${i} says a few more words than fit`,
    }));
    const lines = read('a cat hops', { dialogue, seconds: 6 }).dialogue;
    expect(lines).toHaveLength(8);
    for (const [i, line] of lines.entries()) {
      expect(line.end).toBeGreaterThan(line.start);
      expect(line.end).toBeLessThanOrEqual(6);
      if (i > 0) expect(line.start).toBeGreaterThanOrEqual(lines[i - 1]?.end ?? 0);
    }
  });

  it('says in a sentence what it understood', () => {
    expect(read('a basketball misses the hoop in a gym').summary).toMatch(/basketball shot that misses.*gym/);
  });

  it('reads anything without failing', () => {
    for (const prompt of [
      '🌀',
      'の犬が走る',
      '!!!',
      'x'.repeat(2000),
      'no not never without',
      '0 0 0 0 balls',
      '999 balls',
    ]) {
      const scene = read(prompt);
      expect(scene.summary).toContain('Sketched');
      expect(scene.subjects.every((s) => s.count === undefined || (s.count > 0 && s.count <= 30))).toBe(true);
    }
  });
});
