// Object shapes written in the sources: interfaces and type literals with their properties, so that a rule can see which one repeats another.
import { parseSync, type TSSignature, Visitor } from 'oxc-parser';
import type { Sources } from './sources.ts';

export interface Shape {
  readonly file: string;
  readonly line: number;
  /** Of an interface; a literal has none. */
  readonly name: string | undefined;
  /** Interfaces that it extends; what is taken by `Pick` is no copy and stands in no list. */
  readonly parents: readonly string[];
  /** Property → its type as written, without blanks, comments and `readonly`. */
  readonly properties: ReadonlyMap<string, string>;
}

const withoutNoise = (text: string): string =>
  text
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .replaceAll(/\breadonly\s+/g, '')
    .replaceAll(/\s+/g, '');

function propertiesOf(members: readonly TSSignature[], text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const member of members) {
    if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier') continue;
    const type = member.typeAnnotation?.typeAnnotation;
    if (type) properties.set(member.key.name, withoutNoise(text.slice(type.start, type.end)));
  }
  return properties;
}

function shapesOfFile(file: string, text: string): readonly Shape[] {
  const shapes: Shape[] = [];
  const add = (start: number, members: readonly TSSignature[], named: Pick<Shape, 'name' | 'parents'>): void => {
    const line = text.slice(0, start).split('\n').length;
    shapes.push({ file, line, ...named, properties: propertiesOf(members, text) });
  };
  new Visitor({
    TSInterfaceDeclaration({ start, id, extends: parents, body }) {
      const names = parents.flatMap(({ expression }) => (expression.type === 'Identifier' ? [expression.name] : []));
      add(start, body.body, { name: id.name, parents: names });
    },
    TSTypeLiteral: ({ start, members }) => add(start, members, { name: undefined, parents: [] }),
  }).visit(parseSync(file, text).program);
  return shapes;
}

export const shapesOf = (sources: Sources): readonly Shape[] =>
  [...sources].flatMap(([file, text]) => shapesOfFile(file, text));

/** Each shape with what its parents in the same list bring. */
export function withParents(shapes: readonly Shape[]): readonly Shape[] {
  const named = new Map(shapes.map((shape) => [shape.name, shape]));
  const all = ({ parents, properties }: Shape): ReadonlyMap<string, string> =>
    new Map([...parents.flatMap((parent) => [...(named.has(parent) ? all(named.get(parent)!) : [])]), ...properties]);
  return shapes.map((shape) => ({ ...shape, properties: all(shape) }));
}
