/** Text of both themes can be read: WCAG 2.2 contrast of every pair of tokens that meets on a page. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const css = readFileSync(resolve(import.meta.dirname, '../../web/src/styles/tokens.css'), 'utf8');

function tokens(theme: 'dark' | 'light'): Map<string, string> {
  const block = new RegExp(`:root\\[data-theme="${theme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}

/** Relative luminance. @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ['bg', 'surface', 'raised'];
const pairs: [text: string, ground: string, least: number][] = [
  ...['text', 'muted', 'accent-text', 'good', 'mixed', 'bad'].flatMap((text) =>
    grounds.map((ground): [string, string, number] => [text, ground, 4.5]),
  ),
  ['on-accent', 'accent', 4.5],
  // Borders of fields and focus rings: 3:1 (WCAG 1.4.11).
  ...['field', 'focus'].flatMap((line) =>
    ['bg', 'surface'].map((ground): [string, string, number] => [line, ground, 3]),
  ),
];

test('the measure itself: black on white is 21, grey 767676 on white 4.54', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

describe.each(['dark', 'light'] as const)('%s theme', (theme) => {
  const colours = tokens(theme);
  test.each(pairs)('%s on %s is at least %d', (text, ground, least) => {
    const [a, b] = [colours.get(text), colours.get(ground)];
    if (!a || !b) throw new Error(`token ${text} or ${ground} is missing in the ${theme} theme`);
    expect(contrast(a, b)).toBeGreaterThanOrEqual(least);
  });
});
