// A second source for the ICD-10 lists: WHO's edition of 2019, as another package prints it, must have the blocks, headings and categories of our table,
// each category must be decided there, and every code of our lists must be a code of WHO's edition or of ICD-10-CM.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CONDITION_SETS } from '#terminology/value-sets/conditions.ts';
import { ICD10_BLOCKS } from './icd10-blocks.ts';

const theirs = z.object({
  blocks: z.record(z.string(), z.object({ heading: z.string(), categories: z.array(z.string()) })),
  codes: z.array(z.string()),
});

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: compare-icd10-blocks CLASSIFICATION.json');
const { blocks, codes } = theirs.parse(JSON.parse(readFileSync(file, 'utf8')));

const blockFaults = ICD10_BLOCKS.flatMap(({ block, heading, whole, part = {}, out = {}, concept }): string[] => {
  const found = blocks[block];
  if (found === undefined) return [`${block}: no such block`];
  const decided = [...whole, ...Object.keys(part), ...Object.keys(out)];
  return [
    ...(found.heading === heading ? [] : [`${block}: its heading is ${found.heading}`]),
    ...found.categories
      .filter((one) => !decided.includes(one))
      .map((one) => `${block} ${one}: not decided for ${concept}`),
    ...decided.filter((one) => !found.categories.includes(one)).map((one) => `${block} ${one}: no category of it`),
  ];
});

const known = new Set(codes.map((code) => code.replace('.', '')));
/** A letter alone is a whole chapter. */
const isKnown = (code: string): boolean => code.length === 1 || known.has(code.replace('.', ''));
const listed = CONDITION_SETS.flatMap(({ concept, icd10, icd10Except = [] }) =>
  [...icd10, ...icd10Except].map((code) => ({ concept, code })),
);
const codeFaults = listed
  .filter(({ code }) => !isKnown(code))
  .map(({ concept, code }) => `${concept} ${code}: no code`);

const faults = [...blockFaults, ...codeFaults];
process.stdout.write(`${ICD10_BLOCKS.length} blocks and ${listed.length} codes compared, ${faults.length} differ\n`);
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
