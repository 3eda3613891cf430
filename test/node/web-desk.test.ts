/** The desk's keys and words: one table for handler and list, and nothing a moderator presses by accident while writing. */
import { describe, expect, test } from 'vitest';
import { caseActions, harmClasses } from '../../schemas/moderation.ts';
import { commandOf, type DeskCommand, keyBindings, keyOf, tabs } from '../../web/src/moderation/keys.ts';
import { actionWords, harmWords, openingFacts, spanWords } from '../../web/src/moderation/words.ts';

const press = (key: string, held: { ctrlKey?: boolean; metaKey?: boolean; altKey?: boolean } = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

describe('keys', () => {
  test('no two actions share a key, and every one is printed', () => {
    const pressed = keyBindings.map(({ key, modified }) => `${modified ? 'ctrl+' : ''}${key}`);
    expect(new Set(pressed).size).toBe(pressed.length);
    for (const { command, shown, meaning } of keyBindings) {
      expect(keyOf(command)).toBe(shown);
      expect(meaning).not.toBe('');
    }
  });

  test('everything a moderator can do has one', () => {
    const commands = new Set<DeskCommand>(keyBindings.map(({ command }) => command));
    const needed: DeskCommand[] = [
      ...caseActions,
      ...tabs.map((tab) => `tab-${tab}` as const),
      'next',
      'skip',
      'undo',
      'reveal',
      'decide',
      'policy',
      'facts',
      'explanation',
      'help',
    ];
    expect(needed.filter((command) => !commands.has(command))).toEqual([]);
  });

  test('the printed key runs its action', () => {
    for (const { command, key, modified } of keyBindings)
      expect(commandOf(press(key, { ctrlKey: modified ?? false }), false)).toBe(command);
    expect(commandOf(press('N'), false)).toBe('next');
    expect(commandOf(press('Enter', { metaKey: true }), false)).toBe('decide');
  });

  test('while somebody writes, only recording the decision works', () => {
    const working = keyBindings.filter(
      ({ key, modified }) => commandOf(press(key, { ctrlKey: modified ?? false }), true) !== null,
    );
    expect(working.map(({ command }) => command)).toEqual(['decide']);
  });

  test("the browser's own shortcuts stay its own", () => {
    expect(commandOf(press('r', { ctrlKey: true }), false)).toBeNull();
    expect(commandOf(press('l', { metaKey: true }), false)).toBeNull();
    expect(commandOf(press('d', { altKey: true }), false)).toBeNull();
    expect(commandOf(press('Enter'), false)).toBeNull();
  });
});

describe('words', () => {
  test('every action and harm class has them', () => {
    for (const action of caseActions) expect(actionWords[action].meaning).not.toBe('');
    for (const harmClass of harmClasses) expect(harmWords[harmClass]).not.toBe('');
  });

  test('the facts begin with what was reported, once each, and never name who reported', () => {
    const report = (id: string, reason: 'violence' | 'spam', handle: string) => ({
      id: `rep_${id}` as const,
      reason,
      details: 'I know where they live',
      at: '2026-11-22T10:00:00.000Z',
      reporter: { id: 'acc_1' as const, handle },
      accuracy: 0.5,
    });
    const facts = openingFacts({
      reports: [report('1', 'violence', 'ada'), report('2', 'violence', 'bo'), report('3', 'spam', 'cy')],
      findings: [],
    });
    expect(facts).toBe('It was reported for violence and spam.');
  });

  test.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [65, '1 min 05 s'],
    [-3, '0 s'],
  ])('%s seconds read as %s', (seconds, words) => expect(spanWords(seconds)).toBe(words));
});
