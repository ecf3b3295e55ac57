// Translates a search to the store's query. Where nothing can match, the query asks for no id at all.
import type { FindQuery } from '#kernel/record-search.ts';
import type { AlertStatus } from '#kernel/alert.ts';
import { fhirErrors } from '#interop/fhir/errors.ts';
import type { IdentifierSystems } from '#interop/fhir/systems.ts';
import type { Asked } from './parse.ts';
import type { Token } from './token.ts';

type ListKey =
  | 'ids'
  | 'patients'
  | 'accessions'
  | 'studies'
  | 'alerts'
  | 'codes'
  | 'actors'
  | 'subjects'
  | 'sources'
  | 'statuses';

/** FindQuery with the lists that only some searches know. */
export interface Narrowed extends FindQuery {
  readonly alerts?: readonly string[];
  readonly codes?: readonly string[];
  readonly actors?: readonly string[];
  readonly subjects?: readonly string[];
  readonly sources?: readonly string[];
  readonly statuses?: readonly AlertStatus[];
}

export type Lists = Readonly<Partial<Record<ListKey, readonly string[]>>>;

/** One parameter's alternatives as lists of one kind; undefined: it narrows nothing. */
export type Reader = (tokens: readonly Token[], name: string) => Lists | undefined;

export type Readers = Readonly<Partial<Record<Asked['tokens'][number]['asks'], Reader>>>;

export const NOTHING: Lists = Object.freeze({ ids: [] });

function intersect(a: readonly string[] | undefined, b: readonly string[]): readonly string[] {
  return a === undefined ? b : a.filter((one) => b.includes(one));
}

/** All parameters must hold. */
export function listsOf(asked: Asked, readers: Readers): Lists {
  const lists: Partial<Record<ListKey, readonly string[]>> = asked.ids === undefined ? {} : { ids: asked.ids };
  for (const { asks, name, anyOf } of asked.tokens) {
    const read = readers[asks]?.(anyOf, name) ?? {};
    for (const key of KEYS) {
      const list = read[key];
      if (list !== undefined) lists[key] = intersect(lists[key], list);
    }
  }
  return lists;
}

const KEYS: readonly ListKey[] = [
  'ids',
  'patients',
  'accessions',
  'studies',
  'alerts',
  'codes',
  'actors',
  'subjects',
  'sources',
  'statuses',
];

export const readPatients =
  (systems: IdentifierSystems): Reader =>
  (tokens) => ({
    patients: tokens.flatMap(({ system, value }) =>
      value !== '' && (system === undefined || system === systems.patient || system === systems.unidentified)
        ? [value]
        : [],
    ),
  });

/** An identifier system and the list that its values narrow. */
export interface IdentifierKind {
  readonly system: string;
  readonly list: ListKey;
  /** Of a value without a system; undefined for one that cannot be of this kind. */
  readonly read: (value: string) => string | undefined;
}

/** A value that could be of several kinds is of the first that takes it. Throws `fhir.bad-parameter` where kinds are mixed. */
export const readIdentifiers =
  (kinds: readonly IdentifierKind[]): Reader =>
  (tokens, name) => {
    const read = tokens.flatMap(({ system, value }): { readonly list?: ListKey; readonly value: string }[] => {
      if (value === '') {
        // `system|`: every resource of ours has our own identifier; whether others have one is unknown.
        if (kinds[0]?.system === system) return [{ value }];
        throw fhirErrors.error('bad-parameter', { field: name, reason: 'a system without a value is not supported' });
      }
      const kind = kinds.find(
        (one) => (system === undefined || one.system === system) && one.read(value) !== undefined,
      );
      return kind === undefined ? [] : [{ list: kind.list, value: kind.read(value) ?? '' }];
    });
    if (read.some(({ list }) => list === undefined)) return undefined;
    const [list, ...others] = new Set(read.map((one) => one.list));
    if (list === undefined) return NOTHING;
    if (others.length > 0) {
      throw fhirErrors.error('bad-parameter', { field: name, reason: 'identifiers of different systems in one list' });
    }
    return { [list]: read.map(({ value }) => value) };
  };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const uuidKind = (system: string, list: ListKey): IdentifierKind => ({
  system,
  list,
  read: (value) => (UUID.test(value) ? value.toLowerCase() : undefined),
});

export const accessionKind = (systems: IdentifierSystems): IdentifierKind => ({
  system: systems.accession,
  list: 'accessions',
  read: (value) => value,
});

/** `urn:oid:1.2.3`, or the bare UID. */
export const studyKind: IdentifierKind = {
  system: 'urn:dicom:uid',
  list: 'ids',
  read: (value) => {
    const uid = value.replace(/^urn:oid:/, '');
    return /^\d+(\.\d+)+$/.test(uid) ? uid : undefined;
  },
};
