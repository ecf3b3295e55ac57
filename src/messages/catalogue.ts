// One language's sentences from the entries of one catalogue file, for the service and for the pages in the browser alike.
import { IntlMessageFormat } from 'intl-messageformat';
import type { Language } from '#kernel/errors.ts';

export type MessageValues = Readonly<Record<string, string | number>>;

const LOCALES: Readonly<Record<Language, string>> = { vi: 'vi-VN', en: 'en-GB' };

/** Parsed when it is said for the first time: most messages are never said in a run, and no start waits for two thousand of them. */
export const messageOf = (language: Language, text: string): ((values?: MessageValues) => string) => {
  let format: IntlMessageFormat | undefined;
  return (values = {}) => {
    format ??= new IntlMessageFormat(text, LOCALES[language]);
    return String(format.format({ ...values }));
  };
};
