// Answers a stream of JSON lines line by line; a broken line is answered as rejected, so that the rest goes on.
import { z } from 'zod';
import { CareError } from '#kernel/errors.ts';
import { riskErrors } from '#risk/errors.ts';
import { readNamedInputs, type NamedValue } from '#risk/input/named-inputs.ts';
import type { ServedEquation } from '#risk/equation/library.ts';
import type { Registry } from '#risk/measure/registry.ts';
import { answerRows, type CohortRow } from './rows.ts';

const lineSchema = z.strictObject({
  id: z.string().max(200).optional(),
  inputs: z.record(z.string(), z.union([z.number(), z.boolean(), z.string().max(200)])),
});

/** Longer than any person's inputs; what comes then up to the next line end is thrown away, and the row says so. */
const MOST_LINE_CHARACTERS = 64 * 1024;

/** Lines without their ends; undefined for one that is too long. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder('utf-8');
  let held = '';
  let tooLong = false;
  for await (const chunk of chunks) {
    const parts = (held + decoder.decode(chunk, { stream: true })).split('\n');
    held = parts.pop() ?? '';
    for (const part of parts) {
      yield tooLong || part.length > MOST_LINE_CHARACTERS ? undefined : part;
      tooLong = false;
    }
    if (held.length > MOST_LINE_CHARACTERS) {
      tooLong = true;
      held = '';
    }
  }
  held += decoder.decode();
  if (tooLong) yield undefined;
  else if (held.trim() !== '') yield held;
}

function parse(line: string | undefined): unknown {
  if (line === undefined) return riskErrors.error('bad-row', { field: 'line', reason: 'the line is too long' });
  try {
    return JSON.parse(line);
  } catch {
    return riskErrors.error('bad-row', { field: 'line', reason: 'the line is no JSON' });
  }
}

function readLine(line: string | undefined, served: ServedEquation, registry: Registry): Omit<CohortRow, 'row'> {
  const json = parse(line);
  if (json instanceof CareError) return { id: null, read: json };
  const parsed = lineSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const keys = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const field = [...(issue?.path ?? []), ...keys].map(String).join('.') || 'line';
    return { id: null, read: riskErrors.error('bad-row', { field, reason: issue?.message ?? 'does not fit' }) };
  }
  const { id = null, inputs } = parsed.data;
  return { id, read: tryRead(() => readNamedInputs(served.equation, inputs, registry)) };
}

export function tryRead(read: () => ReadonlyMap<string, NamedValue>): ReadonlyMap<string, NamedValue> | CareError {
  try {
    return read();
  } catch (error) {
    if (error instanceof CareError) return error;
    throw error;
  }
}

export interface NdjsonCohort {
  readonly served: ServedEquation;
  readonly registry: Registry;
  /** Number of the first line that is sent: after a break the sender goes on from there. */
  readonly firstRow: number;
}

/** The last line is `{"kind":"end",…}`: without it the answer was cut off, and the rows answered so far stand. */
export async function* answerNdjson(
  chunks: AsyncIterable<Uint8Array>,
  { served, registry, firstRow }: NdjsonCohort,
): AsyncGenerator<string> {
  async function* rows(): AsyncGenerator<CohortRow> {
    let row = firstRow;
    for await (const line of linesOf(chunks)) {
      if (line?.trim() === '') continue;
      yield { row, ...readLine(line, served, registry) };
      row += 1;
    }
  }
  const counts = { assessed: 0, 'not-assessed': 0, rejected: 0 };
  let buffer: string[] = [];
  for await (const answer of answerRows(served, rows())) {
    counts[answer.outcome] += 1;
    buffer.push(JSON.stringify(answer));
    if (buffer.length < 256) continue;
    yield `${buffer.join('\n')}\n`;
    buffer = [];
  }
  const { assessed, rejected } = counts;
  const end = {
    kind: 'end',
    equation: served.equation.data.id,
    assessed,
    notAssessed: counts['not-assessed'],
    rejected,
  };
  yield `${[...buffer, JSON.stringify(end)].join('\n')}\n`;
}
