// `npm run duplicates`: pairs of places in src that hold the same logic, alike but for names, strings and numbers, over six lines or more.
// It compares syntax trees of statements, so that imports, interfaces, and lists of fields, codes and sentences are no logic. A test bounds the count.
import { globSync, readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';

export interface Place {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

export type Twin = readonly [Place, Place];

const FEWEST_LINES = 6;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** Types say what is held, not what is done; where something stands is no part of its shape. */
const NO_SHAPE: ReadonlySet<string> = new Set([
  'start',
  'end',
  'typeAnnotation',
  'returnType',
  'typeParameters',
  'typeArguments',
]);
const NAMED: ReadonlySet<string> = new Set([
  'Identifier',
  'PrivateIdentifier',
  'Literal',
  'TemplateElement',
  'JSXIdentifier',
  'JSXText',
]);
/** Without one of these a statement only lists data; at the top of a file a call alone does so too (a schema, a catalogue of errors). */
const DOES_SOMETHING =
  /\((?:CallExpression|AwaitExpression|IfStatement|ConditionalExpression|LogicalExpression|BinaryExpression|ForOfStatement|ForStatement|WhileStatement|SwitchStatement|ThrowStatement|AssignmentExpression|NewExpression)\b/;
const HAS_A_BODY = /\((?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ClassDeclaration)\b/;
const DECLARES = /^(?:TS|Import|Export(?:All|Named)Declaration$)/;

function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(shapeOf).join(',');
  if (!isNode(value)) return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '';
  if (NAMED.has(value.type)) return value.type;
  const parts = Object.entries(value)
    .filter(([key]) => !NO_SHAPE.has(key) && key !== 'type')
    .map(([, child]) => shapeOf(child));
  return `(${value.type} ${parts.join(' ')})`;
}

interface Statement extends Place {
  readonly shape: string;
  readonly isLogic: boolean;
}

/** Every list of statements that follow each other: a file's, a block's, a case's. */
function listsOf(file: string, text: string): readonly (readonly Statement[])[] {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const lineOf = (at: number): number => starts.findLastIndex((start) => start <= at) + 1;
  const lists: Statement[][] = [];
  const read = (nodes: readonly Node[], ofFile: boolean): Statement[] =>
    nodes
      .map((node) => ('declaration' in node && isNode(node.declaration) ? node.declaration : node))
      .filter(({ type }) => !DECLARES.test(type))
      .map((node) => {
        const shape = shapeOf(node);
        const isLogic = DOES_SOMETHING.test(shape) && (!ofFile || HAS_A_BODY.test(shape));
        return { file, from: lineOf(node.start), to: lineOf(node.end - 1), shape, isLogic };
      });
  function visit(value: unknown): void {
    if (Array.isArray(value)) for (const child of value) visit(child);
    if (!isNode(value)) return;
    for (const [key, child] of Object.entries(value)) {
      if ((key === 'body' || key === 'consequent') && Array.isArray(child))
        lists.push(read(child.filter(isNode), value.type === 'Program'));
      visit(child);
    }
  }
  visit(parseSync(file, text).program);
  return lists;
}

const linesOf = (run: readonly Statement[]): number =>
  run.filter(({ isLogic }) => isLogic).reduce((sum, { from, to }) => sum + to - from + 1, 0);

const overlap = (one: Place, two: Place): boolean => one.file === two.file && one.from <= two.to && two.from <= one.to;

const isWithin = (inner: Place, outer: Place): boolean =>
  inner.file === outer.file && inner.from >= outer.from && inner.to <= outer.to;

/** The longest runs of statements of one shape, each pair once; what lies inside a longer pair is no pair of its own. */
export function twinsIn(sources: ReadonlyMap<string, string>): readonly Twin[] {
  const lists = [...sources].flatMap(([file, text]) => listsOf(file, text));
  const known = new Map<string, (readonly [list: readonly Statement[], at: number])[]>();
  const found: Twin[] = [];
  for (const list of lists)
    for (const [at, { shape }] of list.entries()) {
      const before = known.get(shape) ?? [];
      for (const [other, place] of before) {
        if (at > 0 && place > 0 && list[at - 1]?.shape === other[place - 1]?.shape) continue;
        let length = 1;
        while (list[at + length] !== undefined && list[at + length]?.shape === other[place + length]?.shape)
          length += 1;
        const run = list.slice(at, at + length);
        const [first, last] = [run[0], run.at(-1)];
        const [otherFirst, otherLast] = [other[place], other[place + length - 1]];
        if (first === undefined || last === undefined || otherFirst === undefined || otherLast === undefined) continue;
        const one = { file: first.file, from: first.from, to: last.to };
        const two = { file: otherFirst.file, from: otherFirst.from, to: otherLast.to };
        const lines = Math.min(linesOf(run), linesOf(other.slice(place, place + length)));
        if (lines >= FEWEST_LINES && !overlap(one, two)) found.push([two, one]);
      }
      known.set(shape, [...before, [list, at]]);
    }
  return found.filter(
    ([one, two], at) =>
      !found.some(
        ([outerOne, outerTwo], other) =>
          other !== at &&
          isWithin(one, outerOne) &&
          isWithin(two, outerTwo) &&
          (other < at || !(isWithin(outerOne, one) && isWithin(outerTwo, two))),
      ),
  );
}

export const sourcesOf = (pattern: string): ReadonlyMap<string, string> =>
  new Map(
    globSync(pattern)
      .filter((file) => !file.startsWith('src/client/generated'))
      .toSorted()
      .map((file) => [file, readFileSync(file, 'utf8')]),
  );

if (import.meta.main) {
  const twins = twinsIn(sourcesOf('src/**/*.{ts,tsx}'));
  for (const [one, two] of twins)
    process.stdout.write(`${one.file}:${one.from}-${one.to} ~ ${two.file}:${two.from}-${two.to}\n`);
  process.stdout.write(`${twins.length} pairs of places in src hold the same logic\n`);
}
