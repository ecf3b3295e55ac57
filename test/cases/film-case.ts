// Reads the film cases beside the repository (shared/cases/film): their shapes, their files, and which of them may share a service.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder lies beside the repository; a second working tree elsewhere names it in a variable. */
const SHARED = process.env['HAIDANG_TEST_SHARED'] ?? '../shared';
const FOLDER = join(SHARED, 'cases/film');
export const casesAreHere = existsSync(join(FOLDER, 'cases.jsonl'));

/** What an answer to the files of one study must hold. */
export interface Expected {
  readonly outcome?: string;
  /** Regular expressions; one reason's code matches one of them from end to end. */
  readonly codes?: readonly string[];
  /** Regular expressions; one reason's code or sentence contains a match, in any case. */
  readonly tells?: readonly string[];
  /** The same film without the fault: the answer is as for that file alone. */
  readonly like?: string;
  readonly within?: number;
  readonly flips?: number;
}

export interface Never {
  readonly codes?: readonly string[];
  readonly text?: readonly string[];
}

export interface ExpectedStudy {
  readonly status?: readonly number[];
  readonly patient?: {
    readonly id?: string;
    readonly name?: string;
    readonly birthDate?: string;
    readonly nameStarts?: string;
  };
  readonly accession?: string;
  readonly outcome?: string | readonly string[];
  readonly read?: readonly string[];
  readonly images?: readonly string[];
  readonly lacks?: string;
  readonly alerts?: number;
  readonly codes?: readonly string[];
  readonly tells?: readonly string[];
}

export interface PostStep {
  readonly post: string;
  readonly status: readonly number[];
  readonly said?: readonly string[];
  readonly codes?: readonly string[];
}
export interface StudyStep {
  readonly study: string;
  readonly any: readonly ExpectedStudy[];
  readonly never?: readonly string[];
}
export interface ImageStep {
  readonly image: string;
  readonly size: number;
  readonly ratio?: readonly [number, number];
  readonly as?: string;
  readonly within?: number;
}
export interface AlertsStep {
  readonly alertsOf: string;
  readonly some: boolean;
}
export type Step = PostStep | StudyStep | ImageStep | AlertsStep;

interface AnyCase {
  readonly id: string;
  readonly kind: string;
  readonly shows: string;
}
export interface FilesCase extends AnyCase {
  readonly files: readonly string[];
  readonly expect: readonly Expected[];
  readonly never?: Never;
}
export interface StepsCase extends AnyCase {
  readonly people: readonly string[];
  readonly steps: readonly Step[];
}

const cases: readonly (FilesCase | StepsCase)[] = casesAreHere
  ? readFileSync(join(FOLDER, 'cases.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line))
  : [];

export const filesCases = cases.filter((one): one is FilesCase => 'files' in one);
export const stepsCases = cases.filter((one): one is StepsCase => 'steps' in one);

export const pathOf = (file: string): string => join(FOLDER, file);

/** Packs the items into as few groups as come out when each item joins the first group that has none of its keys. */
export function groupsWithoutClash<Item>(items: readonly Item[], keysOf: (item: Item) => readonly string[]): Item[][] {
  const groups: { readonly items: Item[]; readonly keys: Set<string> }[] = [];
  for (const item of items) {
    const keys = keysOf(item);
    let group = groups.find((one) => keys.every((key) => !one.keys.has(key)));
    if (group === undefined) groups.push((group = { items: [], keys: new Set() }));
    group.items.push(item);
    for (const key of keys) group.keys.add(key);
  }
  return groups.map((group) => group.items);
}
