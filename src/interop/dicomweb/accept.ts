// The Accept header of PS3.18 section 8.3.3: media types in the client's order of preference, with the parameters that DICOM gives them.
import type { FastifyRequest } from 'fastify';
import { headerParameter, mediaType } from '#http/multipart.ts';
import { dicomwebErrors } from './errors.ts';

export interface Wanted {
  readonly type: string;
  /** Of the parts of a multipart answer. */
  readonly partType: string | undefined;
  /** `*` stands for: as it is stored. */
  readonly transferSyntax: string | undefined;
}

/** Commas within quotes separate nothing. */
const entries = (header: string): readonly string[] => header.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];

/** Best first. An absent header accepts anything. `?accept=` stands for the header, as PS3.18 8.3.3.1 allows. */
export function wantedTypes(request: FastifyRequest): readonly Wanted[] {
  const { query } = request;
  const named = typeof query === 'object' && query !== null && 'accept' in query ? query.accept : undefined;
  const header = typeof named === 'string' ? named : (request.headers.accept ?? '*/*');
  return entries(header)
    .map((entry) => ({
      type: mediaType(entry),
      partType: headerParameter(entry, 'type')?.toLowerCase(),
      transferSyntax: headerParameter(entry, 'transfer-syntax'),
      quality: Number(headerParameter(entry, 'q') ?? 1),
    }))
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
}

const matches = (pattern: string, type: string): boolean =>
  pattern === '*/*' || pattern === type || (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1)));

/** The first of our types that the client takes, in the client's order. Throws dicomweb.not-acceptable. */
export function chosenType<Type extends string>(request: FastifyRequest, ours: readonly Type[]): Type {
  for (const { type } of wantedTypes(request)) {
    const found = ours.find((each) => matches(type, each));
    if (found !== undefined) return found;
  }
  throw dicomwebErrors.error('not-acceptable', { field: 'Accept', reason: `only ${ours.join(', ')}` });
}

/** What a client accepts for the parts of a multipart/related answer; undefined where it accepts no multipart. */
export function wantedParts(request: FastifyRequest, type: string): Wanted | undefined {
  return wantedTypes(request).find((wanted) => {
    if (wanted.type === '*/*') return true;
    if (wanted.type !== 'multipart/related' && wanted.type !== 'multipart/*') return matches(wanted.type, type);
    return wanted.partType === undefined || matches(wanted.partType, type);
  });
}
