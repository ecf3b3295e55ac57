// The cases of shared/cases/his: their form, and the placeholders that each run fills anew.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside the repository; a worktree may lie one folder deeper. */
const PLACES = ['../../../../shared/cases/his', '../../../../../shared/cases/his'].map((place) =>
  fileURLToPath(new URL(place, import.meta.url)),
);
export const FOLDER = PLACES.find((place) => existsSync(place)) ?? PLACES[0] ?? '';
export const INDICATORS = `${FOLDER}/indicators.json`;

export interface Measured {
  readonly topic: Topic;
  readonly within?: readonly [number, number];
  readonly ends?: readonly [number, number];
}

export interface Line {
  readonly kind: string;
  readonly value: number | null | { readonly oneOf: readonly (number | null)[] };
}

export interface Expectation {
  readonly status?: number | readonly number[];
  readonly told?: readonly Measured[];
  readonly silent?: readonly (Topic | Measured)[];
  readonly says?: readonly (readonly string[])[];
  readonly notAssessed?: readonly Topic[];
  readonly rejected?: readonly { readonly code: string; readonly because: string }[];
  readonly ack?: readonly string[];
  readonly lines?: readonly Line[];
  readonly body?: string;
  readonly any?: readonly Expectation[];
}

export type Topic = 'cvd' | 'egfr' | 'news2' | 'fib4' | 'kfre' | 'cha2ds2';
export type Resource = Readonly<Record<string, unknown>> & { readonly resourceType: string };

export interface Step {
  readonly door: 'hook' | 'assess' | 'risk' | 'hl7' | 'xml' | 'checkdrug';
  readonly language?: string;
  readonly resources?: readonly Resource[];
  readonly failing?: string;
  readonly body?: object;
  readonly version?: string;
  /** MSH-9; absent: a result. */
  readonly messageType?: string;
  readonly segments?: readonly string[];
  readonly frame?: string;
  readonly tables?: Readonly<Record<string, string>>;
  readonly encoding?: string;
  readonly info?: object;
  readonly await?: Topic;
  readonly until?: number;
  /** Seconds before the step, in which what was asked before is judged. */
  readonly after?: number;
  readonly reads?: string;
  readonly expect: Expectation;
}

export interface Case {
  readonly id: string;
  readonly kind: string;
  readonly says: string;
  readonly control?: boolean;
  readonly apart?: boolean;
  readonly same?: readonly Topic[];
  readonly agree?: boolean;
  readonly steps: readonly Step[];
}

export const hasCases = existsSync(`${FOLDER}/cases.jsonl`);

export function readCases(): readonly Case[] {
  if (!hasCases) return [];
  const lines = readFileSync(`${FOLDER}/cases.jsonl`, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line): Case => JSON.parse(line));
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const VIET_NAM = 7 * HOUR;

/** The date in Viet Nam of somebody who was born so many years and 200 days ago. */
function birthDate(now: number, years: number): string {
  const day = new Date(now + VIET_NAM - 200 * DAY);
  day.setUTCFullYear(day.getUTCFullYear() - years);
  return day.toISOString().slice(0, 10);
}

const digits = (at: number, length: number): string =>
  new Date(at + VIET_NAM).toISOString().replaceAll(/\D/g, '').slice(0, length);

function valueOf(name: string, amount: number, now: number): string {
  const moment = (ms: number): string => new Date(now + ms).toISOString();
  switch (name) {
    case 'now':
      return moment(0);
    case 'recent':
      return moment(-HOUR);
    case 'yesterday':
      return moment(-20 * HOUR);
    case 'minutes':
      return moment(amount * MINUTE);
    case 'hours':
      return moment(amount * HOUR);
    case 'days':
      return moment(amount * DAY);
    case 'day':
      return new Date(now + VIET_NAM + amount * DAY).toISOString().slice(0, 10);
    case 'dm': {
      const [, month, day] = new Date(now + VIET_NAM + amount * HOUR).toISOString().slice(0, 10).split('-');
      return `${day}/${month}`;
    }
    case 'hl7':
      return digits(now + amount * MINUTE, 14);
    case 'vn':
      return digits(now + amount * MINUTE, 12);
    case 'born':
      return birthDate(now, amount);
    case 'bornmonth':
      return birthDate(now, amount).slice(0, 7);
    case 'bornyear':
      return birthDate(now, amount).slice(0, 4);
    case 'hl7born':
      return birthDate(now, amount).replaceAll('-', '');
    default:
      throw new Error(`no placeholder {${name}} is known`);
  }
}

const PLACEHOLDER =
  /\{(patient|uuid|now|recent|yesterday|minutes|hours|days|day|dm|hl7born|hl7|vn|born|bornmonth|bornyear)(?::(-?\d+))?\}/g;

/** One patient's steps, with every placeholder filled. */
export function fill<Form>(form: Form, patient: string, now: number): Form {
  const text = JSON.stringify(form).replaceAll(PLACEHOLDER, (_whole, name: string, amount = '0') => {
    if (name === 'patient') return patient;
    return name === 'uuid' ? randomUUID() : valueOf(name, Number(amount), now);
  });
  return JSON.parse(text);
}
