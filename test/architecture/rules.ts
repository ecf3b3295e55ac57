// The rules of the house as functions over source texts: each answers with the offenders, so that a test can plant one.
import { builtinModules } from 'node:module';
import { BUILT_IN_ROOMS, CODE_ROOMS, LIBRARY_ROOMS, MAY_IMPORT, MAY_IMPORT_ALL } from './grants.ts';
import { type Shape, shapesOf, withParents } from './shapes.ts';
import { type Import, importsOf, roomOf, type Sources, withoutComments } from './sources.ts';

type Offenders = readonly string[];

const tell = ({ file, specifier }: Import): string => `${file} imports ${specifier}`;

/** `@scope/name/path` → `@scope/name`. */
const libraryOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const isLibrary = (specifier: string): boolean =>
  !/^[#.]|^node:/.test(specifier) && !builtinModules.includes(specifier);

/** Generated data sets live outside `src`. */
const outside = (specifier: string): boolean => specifier.startsWith('#phantom-cxr/');

export const unresolved = (sources: Sources): Offenders =>
  importsOf(sources)
    .filter(({ specifier, target }) => /^[#.]/.test(specifier) && !outside(specifier) && target === undefined)
    .map(tell);

/** Same folder `./`, anything else `#room/…`: a path that climbs hides the room that it ends in. */
export const climbing = (sources: Sources): Offenders =>
  importsOf(sources)
    .filter(({ specifier }) => specifier.startsWith('.') && !/^\.\/[^/]+$/.test(specifier))
    .map(tell);

export const ungranted = (sources: Sources): Offenders =>
  importsOf(sources)
    .filter(({ file, target }) => {
      if (target === undefined) return false;
      const [from, to] = [roomOf(file), roomOf(target)];
      return from !== to && !MAY_IMPORT_ALL.has(from) && !MAY_IMPORT[from]?.includes(to);
    })
    .map(tell);

export function unusedGrants(sources: Sources): Offenders {
  const used = new Set(
    importsOf(sources).map(({ file, target }) => `${roomOf(file)} → ${target === undefined ? '' : roomOf(target)}`),
  );
  return Object.entries(MAY_IMPORT)
    .flatMap(([from, targets]) => targets.map((to) => `${from} → ${to}`))
    .filter((grant) => !used.has(grant));
}

/** Strongly connected parts of a graph with more than one member. */
function circlesOf(edges: ReadonlyMap<string, readonly string[]>): Offenders {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[] = [];
  function visit(node: string): void {
    const own = index.size;
    index.set(node, own);
    low.set(node, own);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node) ?? own, low.get(next) ?? own));
    }
    if (low.get(node) !== own) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) found.push(circle.toSorted().join(' ↔ '));
  }
  for (const node of edges.keys()) if (!index.has(node)) visit(node);
  return found;
}

function edgesOf(sources: Sources, nameOf: (file: string) => string): ReadonlyMap<string, readonly string[]> {
  const edges = new Map<string, string[]>();
  for (const { file, target } of importsOf(sources)) {
    if (target === undefined || nameOf(file) === nameOf(target)) continue;
    edges.set(nameOf(file), [...(edges.get(nameOf(file)) ?? []), nameOf(target)]);
  }
  return edges;
}

/** `import type` counts: two files that name each other's types cannot be understood one after the other. */
export const circles = (sources: Sources): Offenders => [
  ...circlesOf(edgesOf(sources, (file) => file)),
  ...circlesOf(edgesOf(sources, roomOf)),
];

export const strayLibraries = (sources: Sources): Offenders =>
  importsOf(sources)
    .filter(({ file, specifier }) => {
      if (!isLibrary(specifier)) return false;
      const rooms = LIBRARY_ROOMS[libraryOf(specifier)] ?? [];
      return !rooms.includes('*') && !rooms.includes(roomOf(file));
    })
    .map(tell);

export function unusedLibraryGrants(sources: Sources): Offenders {
  const used = new Set(importsOf(sources).map(({ file, specifier }) => `${libraryOf(specifier)} in ${roomOf(file)}`));
  const anywhere = new Set(importsOf(sources).map(({ specifier }) => libraryOf(specifier)));
  return Object.entries(LIBRARY_ROOMS).flatMap(([library, rooms]) =>
    rooms
      .filter((room) => (room === '*' ? !anywhere.has(library) : !used.has(`${library} in ${room}`)))
      .map((room) => `${library} in ${room}`),
  );
}

export const strayBuiltIns = (sources: Sources): Offenders =>
  importsOf(sources)
    .filter(({ file, specifier }) => {
      const name = specifier.startsWith('node:') ? specifier : `node:${specifier}`;
      const rooms = BUILT_IN_ROOMS[name];
      return rooms !== undefined && !rooms.includes(roomOf(file)) && !MAY_IMPORT_ALL.has(roomOf(file));
    })
    .map(tell);

/** `store/host` grants a folder, `store` a room. */
const holds = (file: string, rooms: readonly string[]): boolean =>
  rooms.some((room) => room === roomOf(file) || file.startsWith(`src/${room}/`));

export const strayCode = (sources: Sources): Offenders =>
  [...sources].flatMap(([file, text]) =>
    CODE_ROOMS.filter(({ pattern, rooms }) => pattern.test(withoutComments(text)) && !holds(file, rooms)).map(
      ({ name }) => `${file} holds ${name}`,
    ),
  );

/** The words of a standard belong to its folder; pages know only what the API says. */
const HAS_ITS_OWN_WORDS = /^src\/(?:interop\/(?:cds-hooks|fhir|hl7v2)|web)\//;
const DECLARED = /^(?:export )?(?:interface|type|class) (\w+)/gm;

/** One noun, one type: what kernel names is declared nowhere else. */
export function doubleNouns(sources: Sources): Offenders {
  const typesOf = (text: string) => [...text.matchAll(DECLARED)].map(([, name = '']) => name);
  const nouns = new Set([...sources].flatMap(([file, text]) => (file.startsWith('src/kernel/') ? typesOf(text) : [])));
  return [...sources]
    .filter(
      ([file]) => !file.startsWith('src/kernel/') && !file.startsWith('src/client/') && !HAS_ITS_OWN_WORDS.test(file),
    )
    .flatMap(([file, text]) =>
      typesOf(text)
        .filter((name) => nouns.has(name))
        .map((name) => `${file}: ${name}`),
    );
}

/** So many properties of one name and type are one datum, not a coincidence. */
const COPIED_FROM = 4;

/** Generated code, and pages, which know only what the API says. */
const SHAPED_BY_OTHERS = /^src\/(?:client|web)\//;

const inCommon = (one: Shape, other: Shape): readonly string[] =>
  [...one.properties].filter(([name, type]) => other.properties.get(name) === type).map(([name]) => name);

const tellShape = ({ file, name }: Shape): string => `${file} ${name ?? '{…}'}`;

/** What crosses two rooms is named once, in kernel; a port takes its part of it with `Pick`. */
export function copiedShapes(sources: Sources): Offenders {
  const shapes = shapesOf(new Map([...sources].filter(([file]) => !SHAPED_BY_OTHERS.test(file))));
  const isKernel = ({ file }: Shape): boolean => roomOf(file) === 'kernel';
  const nouns = withParents(shapes.filter((shape) => isKernel(shape) && shape.name !== undefined));
  const others = shapes.filter((shape) => !isKernel(shape) && shape.properties.size >= COPIED_FROM);
  const repeated = (one: Shape, other: Shape): Offenders => {
    const names = inCommon(one, other);
    return names.length < COPIED_FROM ? [] : [`${tellShape(one)} repeats ${tellShape(other)}: ${names.join(', ')}`];
  };
  const ofRooms = others.filter(({ file }) => !MAY_IMPORT_ALL.has(roomOf(file)));
  return [
    ...others.flatMap((shape) => nouns.flatMap((noun) => repeated(shape, noun)).slice(0, 1)),
    ...ofRooms.flatMap((shape, at) =>
      ofRooms
        .slice(at + 1)
        .flatMap((other) => (roomOf(shape.file) === roomOf(other.file) ? [] : repeated(shape, other))),
    ),
  ];
}

/** A file's header names its purpose: a header that begins with a question word makes a stranger guess the noun. */
export const askingHeaders = (sources: Sources): Offenders =>
  [...sources]
    .filter(
      ([file, text]) => file.startsWith('src/') && /^\/\/ (?:What|Who|Whose|How|Where|When|Which|Whether)\b/.test(text),
    )
    .map(([file, text]) => `${file}: ${text.slice(0, text.indexOf('\n'))}`);
