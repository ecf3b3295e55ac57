// FHIR's CodeableConcept: every coding with its system, and the text beside them. One broken coding takes no other with it.
import { z } from 'zod';
import type { Coding } from '#kernel/coding.ts';

const text = z.string().optional().catch(undefined);
const coding = z.looseObject({ system: text, code: text, display: text }).catch({});

export const codeableConcept = z.looseObject({ coding: z.array(coding).optional().catch(undefined), text });

/** Those that have a code, in the sender's order; without a system it is empty. */
export const codingsIn = (concept: z.infer<typeof codeableConcept> | undefined): readonly Coding[] =>
  (concept?.coding ?? []).flatMap(({ system = '', code, display }) =>
    code === undefined || code.trim() === ''
      ? []
      : [{ system, code, ...(display === undefined ? {} : { text: display }) }],
  );
