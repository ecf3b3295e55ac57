// Reads values under an equation's own input names, its bands and other spellings too.
import { riskErrors } from '#risk/errors.ts';
import type { Equation } from '#risk/equation/equation.ts';
import type { Input } from '#risk/equation/schema.ts';
import { conceptOf, type Registry } from '#risk/measure/registry.ts';
import { readCell, readInput } from './value.ts';

export interface NamedValue {
  readonly input: Input;
  readonly x: number;
}

interface Place {
  readonly input: Input;
  /** Turns what the sender wrote into what the input takes. */
  readonly translate: (text: string) => { readonly x: number } | { readonly text: string };
}

/** Every name under which a value may come. */
export const namesOf = (equation: Equation): ReadonlySet<string> =>
  new Set([
    ...equation.inputs.keys(),
    ...equation.data.inputs.flatMap(({ spellings }) => (spellings ?? []).map(({ name }) => name)),
    ...[...equation.bands].filter(([, { representatives }]) => representatives !== undefined).map(([name]) => name),
  ]);

/** The input that a name stands for: itself, another spelling, or a band of it. */
function placeOf(equation: Equation, name: string, field: string): Place {
  const own = equation.inputs.get(name);
  if (own !== undefined) return { input: own, translate: (text) => ({ text }) };
  for (const input of equation.data.inputs) {
    const spelling = input.spellings?.find((other) => other.name === name);
    if (spelling !== undefined) return { input, translate: (text) => ({ text: spelling.values?.[text] ?? text }) };
  }
  const band = equation.bands.get(name);
  const of = band?.of.tree.kind === 'name' ? equation.inputs.get(band.of.tree.name) : undefined;
  if (band?.representatives === undefined || of === undefined) {
    throw riskErrors.error('unknown-input', { field, reason: `${equation.data.id} has no input ${name}` });
  }
  return {
    input: of,
    translate(text) {
      const x = band.representatives?.[band.labels.indexOf(text)];
      if (x === undefined) {
        throw riskErrors.error('bad-input', { field, reason: `${field}: expected one of ${band.labels.join(', ')}` });
      }
      return { x };
    },
  };
}

/** An impossible age is a typing error and is refused; it is not a person outside the equation's range. */
function checkAge({ input, x }: NamedValue, registry: Registry, field: string): void {
  const plausible = conceptOf(input) === 'age' ? registry.quantity('age')?.plausible : undefined;
  if (plausible === undefined || (x >= plausible[0] && x <= plausible[1])) return;
  const reason = `${field}: an age lies between ${plausible[0]} and ${plausible[1]} years`;
  throw riskErrors.error('impossible-age', { field, reason });
}

function collect(
  equation: Equation,
  entries: Iterable<readonly [name: string, value: unknown]>,
  read: (place: Place, value: unknown, field: string) => NamedValue,
  registry: Registry,
): ReadonlyMap<string, NamedValue> {
  const found = new Map<string, NamedValue>();
  for (const [name, value] of entries) {
    const field = `inputs.${name}`;
    const named = read(placeOf(equation, name, field), value, field);
    checkAge(named, registry, field);
    if (found.has(named.input.name)) {
      throw riskErrors.error('bad-input', { field, reason: `${field}: ${named.input.name} is given twice` });
    }
    found.set(named.input.name, named);
  }
  return found;
}

/** JSON values. Throws CareError `risk.bad-input` or `risk.unknown-input` naming the field. */
export const readNamedInputs = (equation: Equation, inputs: Readonly<Record<string, unknown>>, registry: Registry) =>
  collect(
    equation,
    Object.entries(inputs),
    ({ input, translate }, value, field) => {
      const translated = typeof value === 'string' || typeof value === 'number' ? translate(String(value)) : undefined;
      if (translated !== undefined && 'x' in translated) return { input, x: translated.x };
      const changed = translated !== undefined && translated.text !== String(value) ? translated.text : value;
      return { input, x: readInput(input, changed, field) };
    },
    registry,
  );

/** Cells of a table; an empty cell is absent. */
export const readNamedCells = (equation: Equation, cells: Readonly<Record<string, string>>, registry: Registry) =>
  collect(
    equation,
    Object.entries(cells).filter(([, text]) => text !== ''),
    ({ input, translate }, value, field) => {
      const translated = translate(String(value));
      return { input, x: 'x' in translated ? translated.x : readCell(input, translated.text, field) };
    },
    registry,
  );
