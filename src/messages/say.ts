// Every sentence that a clinician reads: ICU messages in `vi/` and `en/`, one file per room. A test compares the two.
import { readFileSync, readdirSync } from 'node:fs';
import type { Language, Sentence } from '#kernel/errors.ts';
import { messageOf, type MessageValues } from './catalogue.ts';

export type { MessageValues };

export const LANGUAGES: readonly Language[] = ['vi', 'en'];

type Catalogue = ReadonlyMap<string, ReturnType<typeof messageOf>>;

function load(language: Language): Catalogue {
  const folder = new URL(`./${language}/`, import.meta.url);
  const messages = new Map<string, ReturnType<typeof messageOf>>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const room = file.slice(0, -'.json'.length);
    const entries: Record<string, string> = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    for (const [key, text] of Object.entries(entries)) {
      messages.set(`${room}.${key}`, messageOf(language, text));
    }
  }
  return messages;
}

const catalogues: Record<Language, Catalogue> = { vi: load('vi'), en: load('en') };

/** One language. An unknown key is a fault of ours and throws: a clinician never sees a bare key. */
export function say(language: Language, key: string, values: MessageValues = {}): string {
  const message = catalogues[language].get(key);
  if (message === undefined) throw new Error(`no message ${key} in ${language}`);
  return message(values);
}

/** Both languages at once, each made by itself: where a part is a sentence too. */
export const both = (make: (language: Language) => string): Sentence => ({ vi: make('vi'), en: make('en') });

/** Both languages at once, to be stored with the record. */
export const sentence = (key: string, values?: MessageValues): Sentence =>
  both((language) => say(language, key, values));

/** Each sentence once, in the order of the first. */
export const distinct = (sentences: readonly Sentence[]): Sentence[] => [
  ...new Map(sentences.map((one) => [one.en, one])).values(),
];
