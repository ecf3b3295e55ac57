// Makes the files of an equation from its equation.json: graph, golden outputs and card.
import { sha256Hex } from '#kernel/ids.ts';
import { compileEquation } from '#risk/compile/compile.ts';
import { cardOf } from '#risk/document/pages.ts';
import { readEquation, type Equation } from './equation.ts';
import { makeGolden, type Golden } from './golden.ts';

export interface BuiltEquation {
  readonly version: string;
  readonly equation: Equation;
  /** Paths relative to the equation's folder. */
  readonly files: readonly (readonly [path: string, content: Uint8Array | string])[];
}

/** One line per input and output, so that a change is readable in a diff. */
function goldenText(golden: Golden): string {
  const block = (name: string, entries: Golden['inputs']): string =>
    `  "${name}": {\n${Object.entries(entries)
      .map(
        ([key, values]) => `    ${JSON.stringify(key)}: [${values.map((value) => JSON.stringify(value)).join(', ')}]`,
      )
      .join(',\n')}\n  }`;
  const head = `  "modelSha256": "${golden.modelSha256}",\n  "tolerance": ${golden.tolerance}`;
  return `{\n${head},\n${block('inputs', golden.inputs)},\n${block('outputs', golden.outputs)}\n}\n`;
}

/** Throws CareError `risk.bad-equation`. */
export function buildEquation(json: unknown): BuiltEquation {
  const equation = readEquation(json);
  const model = compileEquation(equation);
  const golden = makeGolden(equation, sha256Hex(model));
  const { version } = equation.data;
  return {
    version,
    equation,
    files: [
      [`${version}/model.onnx`, model],
      ['golden.json', goldenText(golden)],
      ['card.md', cardOf(equation)],
    ],
  };
}
