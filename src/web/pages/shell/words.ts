// The pages' own words, in the language that the reader chose; words of findings, reasons and alerts come with the data in both.
import { signal } from '@preact/signals';
import type { Language, Sentence } from '#kernel/errors.ts';
import { messageOf, type MessageValues } from '#messages/catalogue.ts';
import en from '#messages/en/web.json' with { type: 'json' };
import vi from '#messages/vi/web.json' with { type: 'json' };

export type WordKey = keyof typeof en;

const CATALOGUES: Readonly<Record<Language, Readonly<Record<WordKey, string>>>> = { vi, en };
const STORED = 'haidang-language';

function firstLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === 'vi' || stored === 'en') return stored;
  return navigator.language.startsWith('en') ? 'en' : 'vi';
}

export const language = signal<Language>(firstLanguage());
document.documentElement.lang = language.value;

export function switchLanguage(): void {
  language.value = language.value === 'vi' ? 'en' : 'vi';
  localStorage.setItem(STORED, language.value);
  document.documentElement.lang = language.value;
}

const messages = new Map<string, (values?: MessageValues) => string>();

/** Each message is parsed once, when it is first said. */
export function sayIn(speaking: Language, key: WordKey, values?: MessageValues): string {
  const name = `${speaking}.${key}`;
  const message = messages.get(name) ?? messageOf(speaking, CATALOGUES[speaking][key]);
  messages.set(name, message);
  return message(values);
}

export const say = (key: WordKey, values?: MessageValues): string => sayIn(language.value, key, values);

export const both = (sentence: Sentence): string => sentence[language.value];

const locale = (): string => (language.value === 'vi' ? 'vi-VN' : 'en-GB');

const formats = new Map<string, Intl.DateTimeFormat>();

export function time(iso: string): string {
  const at = new Date(iso);
  const sameDay = at.toDateString() === new Date().toDateString();
  const key = `${locale()} ${sameDay}`;
  const format =
    formats.get(key) ??
    new Intl.DateTimeFormat(locale(), sameDay ? { timeStyle: 'short' } : { dateStyle: 'short', timeStyle: 'short' });
  formats.set(key, format);
  return format.format(at);
}

/** As the alert room writes it: no calibration supports a certainty of 0 or 100 %. */
export const percent = (share: number): string =>
  share > 0.99 ? '> 99 %' : share < 0.01 ? '< 1 %' : `${Math.round(share * 100)} %`;

/** A difference that rounds to nothing is 0, never -0. */
export const number = (value: number, digits = 0): string =>
  new Intl.NumberFormat(locale(), { maximumFractionDigits: digits, signDisplay: 'negative' }).format(value);

export const duration = (minutes: number): string =>
  minutes < 120
    ? say('minutes', { n: minutes })
    : minutes < 48 * 60
      ? say('hours', { n: Math.floor(minutes / 60) })
      : say('days', { n: Math.floor(minutes / 1440) });

/** A figure in minutes; a short one keeps its tenths, and one that is not there is a dash. */
export const span = (minutes: number | null): string =>
  minutes === null
    ? '–'
    : minutes < 10
      ? say('minutes', { n: Math.round(minutes * 10) / 10 })
      : duration(Math.round(minutes));
