import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@formatjs/icu-messageformat-parser';
import { expect, test } from 'vitest';
import { LANGUAGES } from '#messages/say.ts';

const read = (language: string, file: string): Record<string, string> =>
  JSON.parse(readFileSync(`src/messages/${language}/${file}`, 'utf8'));

/** The names of the arguments that a message takes, sorted. */
function argumentsOf(text: string): string[] {
  const names = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (value !== null && typeof value === 'object') {
      const node = value as { type?: number; value?: unknown };
      if (typeof node.type === 'number' && node.type >= 1 && node.type <= 6 && typeof node.value === 'string')
        names.add(node.value);
      Object.values(value).forEach(walk);
    }
  };
  walk(parse(text, { captureLocation: false }));
  return [...names].sort();
}

test('Vietnamese and English hold the same files, keys and arguments', () => {
  const [vi = [], en = []] = LANGUAGES.map((language) => readdirSync(`src/messages/${language}`).sort());
  expect(vi).toEqual(en);
  for (const file of vi) {
    const vietnamese = read('vi', file);
    const english = read('en', file);
    // The file's name stands in both sides so that a failure tells where.
    const shape = (messages: Record<string, string>) =>
      Object.fromEntries(Object.entries(messages).map(([key, text]) => [`${file} ${key}`, argumentsOf(text)]));
    expect(shape(vietnamese)).toEqual(shape(english));
  }
});
