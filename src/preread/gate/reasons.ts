// Every reason that a pre-read can give, by its code; the words stand in the message catalogue.
import type { CareError, Sentence } from '#kernel/errors.ts';
import type { Reason } from '#kernel/finding.ts';
import { type MessageValues, sentence } from '#messages/say.ts';

/** `name` is a key of messages/{vi,en}/preread.json. */
export const reason = (name: string, values?: MessageValues): Reason => ({
  code: `preread.${name}`,
  text: sentence(`preread.${name}`, values),
});

/** Another room's refusal, as a reason of this reading. */
export const reasonOf = (error: CareError): Reason => ({ code: error.code, text: error.text });

/** A list inside a sentence, the same separator in both languages. */
export const listed = (titles: readonly Sentence[]): Sentence => ({
  vi: titles.map(({ vi }) => vi).join(', '),
  en: titles.map(({ en }) => en).join(', '),
});

/** A reason whose values differ by language, such as the titles of heads. */
export const reasonWith = (name: string, key: string, value: Sentence): Reason => ({
  code: `preread.${name}`,
  text: {
    vi: sentence(`preread.${name}`, { [key]: value.vi }).vi,
    en: sentence(`preread.${name}`, { [key]: value.en }).en,
  },
});
