// Every category of the blocks of ICD-10 that a list touches is decided: it states the concept, does so in part, or is left out with a reason.
import { expect, test } from 'vitest';
import { conditionsOf } from '#terminology/conditions.ts';
import { SYSTEM_URIS } from '#terminology/systems.ts';
import { CONDITION_SETS } from '#terminology/value-sets/conditions.ts';
import { ICD10_BLOCKS } from '../../scripts/icd10-blocks.ts';

const states = (code: string, concept: string): boolean =>
  conditionsOf([{ system: SYSTEM_URIS['icd-10'], code }]).includes(concept);

test.each(ICD10_BLOCKS)('$block $heading: $concept', ({ concept, whole, part = {}, out = {} }) => {
  for (const category of whole) {
    expect([category, states(category, concept), states(`${category}.9`, concept)]).toEqual([category, true, true]);
  }
  for (const [category, [some, other]] of Object.entries(part)) {
    const found = [states(category, concept), states(some, concept), states(other, concept)];
    // A category of which most is ours states it as a whole.
    expect([category, found[1], found[2]]).toEqual([category, true, false]);
  }
  for (const category of Object.keys(out)) {
    expect([category, states(category, concept), states(`${category}.9`, concept)]).toEqual([category, false, false]);
  }
});

test('every list names its source, and is compared block by block where it says so', () => {
  for (const { concept, source, second } of CONDITION_SETS) {
    expect([concept, source.length > 10]).toEqual([concept, true]);
    const isCompared = ICD10_BLOCKS.some((block) => block.concept === concept);
    expect([concept, second.icd10.includes('who-2019')]).toEqual([concept, isCompared]);
  }
});
