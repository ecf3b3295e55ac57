// Compares the inputs and outputs of a model file with model.json, so that a file that breaks the contract never serves.
import type { ModelManifest } from '#models/schema.ts';
import type { Executor, ValueInfo } from '#inference/executors/executor.ts';

type Size = number | undefined;

/** A free size (a name, or unknown) fits anything; `undefined` asks for nothing, except that the batch must be free. */
function misfits(value: ValueInfo | undefined, name: string, wanted: readonly Size[]): string[] {
  if (value === undefined) return [`${name} is missing`];
  const faults: string[] = [];
  if (value.type !== 'float32' && value.type !== 'unknown') faults.push(`${name} is ${value.type}, not float32`);
  if (value.shape === undefined) return faults;
  const [batch] = value.shape;
  if (typeof batch === 'number') faults.push(`${name} has a fixed batch of ${batch}`);
  const said = `${name} is ${value.shape.join(' × ')}`;
  if (value.shape.length !== wanted.length) return [...faults, `${said}, which has not ${wanted.length} dimensions`];
  for (const [axis, size] of wanted.entries()) {
    const given = value.shape[axis];
    if (axis > 0 && size !== undefined && typeof given === 'number' && given !== size)
      faults.push(`${said}, where dimension ${axis} must be ${size}`);
  }
  return faults;
}

/** Empty when the file keeps the contract of model.json. */
export function contractFaults(
  { inputs, outputs }: Pick<Executor, 'inputs' | 'outputs'>,
  manifest: ModelManifest,
): string[] {
  const { input, outputs: named, heads, gate } = manifest;
  const output = (name: string): ValueInfo | undefined => outputs.find((value) => value.name === name);
  const faults = [
    ...misfits(
      inputs.find((value) => value.name === input.name),
      input.name,
      [undefined, input.channels, input.rows, input.columns],
    ),
    ...misfits(output(named.logits), named.logits, [undefined, heads.length]),
    ...misfits(output(named.embedding), named.embedding, [undefined, named.embeddingSize]),
    ...(named.mapsBy !== undefined
      ? []
      : misfits(output(named.maps), named.maps, [undefined, heads.length, named.mapRows, named.mapColumns])),
  ];
  if (inputs.length > 1) faults.push(`${inputs.length} inputs where one is expected`);
  if (gate.pixels !== undefined)
    faults.push(...misfits(output(gate.pixels.output), gate.pixels.output, [undefined, gate.pixels.classes.length]));
  if (gate.distance !== undefined && output(gate.distance.output) === undefined)
    faults.push(`${gate.distance.output} is missing`);
  return faults;
}
