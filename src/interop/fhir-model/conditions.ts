// FHIR Condition resources as the kernel's conditions. The meaning of a status or a date for a person is decided elsewhere, once for all doors:
// nothing is left out here but what cannot be read at all, and that is counted.
import { z } from 'zod';
import type { ClinicalStatus, Condition, VerificationStatus } from '#kernel/condition.ts';
import { codeableConcept, codingsIn } from './coding.ts';
import { convertUnit, ucumOf } from '#terminology/units.ts';
import type { FhirResource } from './resource.ts';

/** A part in another form than R4's is absent; DSTU2 and STU3 write a status as a plain text. */
const status = z.union([z.string(), codeableConcept]).optional().catch(undefined);
const date = z.string().optional().catch(undefined);
const period = z.looseObject({ start: z.string().optional(), end: z.string().optional() }).optional().catch(undefined);

const age = z
  .looseObject({ value: z.number().optional(), unit: z.string().optional(), code: z.string().optional() })
  .optional()
  .catch(undefined);
const ageRange = z.looseObject({ low: age, high: age }).optional().catch(undefined);

const resource = z.looseObject({
  id: z.string().optional().catch(undefined),
  code: codeableConcept.optional().catch(undefined),
  category: z.array(codeableConcept).optional().catch(undefined),
  clinicalStatus: status,
  verificationStatus: status,
  onsetDateTime: date,
  onsetPeriod: period,
  onsetAge: age,
  onsetRange: ageRange,
  onsetString: date,
  abatementDateTime: date,
  abatementPeriod: period,
  abatementAge: z.unknown().optional(),
  abatementRange: z.unknown().optional(),
  abatementString: z.unknown().optional(),
  abatementBoolean: z.boolean().optional().catch(undefined),
  recordedDate: date,
  /** STU3 */
  assertedDate: date,
  /** DSTU2 */
  dateRecorded: date,
});

const CLINICAL: ReadonlySet<string> = new Set<ClinicalStatus>([
  'active',
  'recurrence',
  'relapse',
  'inactive',
  'remission',
  'resolved',
]);
const VERIFICATION: ReadonlySet<string> = new Set<VerificationStatus>([
  'unconfirmed',
  'provisional',
  'differential',
  'confirmed',
  'refuted',
  'entered-in-error',
]);

const isClinical = (text: string): text is ClinicalStatus => CLINICAL.has(text);
const isVerification = (text: string): text is VerificationStatus => VERIFICATION.has(text);

/** The codes of every coding, and the text, where a sender wrote the code there. */
function wordsOf(value: z.infer<typeof status>): readonly string[] {
  const words = typeof value === 'string' ? [value] : [...codingsIn(value).map(({ code }) => code), value?.text ?? ''];
  return words.map((word) => word.trim().toLowerCase());
}

/** ISO dates of FHIR begin with the year; anything else is a text that is no date. */
const dateOr = (...texts: readonly (string | undefined)[]): string | undefined =>
  texts.find((text) => text !== undefined && /^\d{4}(-|$)/.test(text));

/** An age in years, of any unit of time. */
function yearsOf(sent: z.infer<typeof age>): number | undefined {
  const from = ucumOf(sent?.code ?? sent?.unit ?? '');
  return from === undefined || sent?.value === undefined ? undefined : convertUnit(sent.value, { from, to: 'a' });
}

function conditionOf(one: z.infer<typeof resource>): Condition | undefined {
  const codings = codingsIn(one.code);
  const text = one.code?.text;
  if (codings.length === 0 && text === undefined) return undefined;
  const clinical = wordsOf(one.clinicalStatus).find(isClinical);
  // An error outweighs another status beside it.
  const verifications = wordsOf(one.verificationStatus).filter(isVerification);
  const verification = verifications.find((word) => word === 'entered-in-error') ?? verifications[0];
  const onset = dateOr(one.onsetDateTime, one.onsetPeriod?.start, one.onsetString);
  const onsetYears = yearsOf(one.onsetAge ?? one.onsetRange?.high ?? one.onsetRange?.low);
  // A period in which it ended, without an end: it has begun to be over.
  const abatement = dateOr(
    one.abatementDateTime,
    one.abatementPeriod?.end,
    one.abatementPeriod?.start,
    one.onsetPeriod?.end,
  );
  const abated =
    one.abatementBoolean ??
    ([one.abatementAge, one.abatementRange, one.abatementString].some((part) => part !== undefined && part !== null) ||
      undefined);
  const recorded = dateOr(one.recordedDate, one.assertedDate, one.dateRecorded);
  const categories = (one.category ?? []).flatMap((category) => codingsIn(category).map(({ code }) => code));
  return {
    codings,
    ...(text === undefined ? {} : { text }),
    ...(clinical === undefined ? {} : { clinical }),
    ...(verification === undefined ? {} : { verification }),
    ...(onset === undefined ? {} : { onset }),
    ...(onsetYears === undefined ? {} : { onsetYears }),
    ...(abatement === undefined ? {} : { abatement }),
    ...(abated === undefined ? {} : { abated }),
    ...(recorded === undefined ? {} : { recorded }),
    ...(categories.length === 0 ? {} : { categories }),
    source: one.id === undefined ? 'Condition' : `Condition/${one.id}`,
  };
}

export interface ReadConditions {
  readonly conditions: readonly Condition[];
  /** Conditions that name nothing. */
  readonly unusable: number;
}

export function conditionsIn(resources: readonly FhirResource[]): ReadConditions {
  const all = resources.filter(({ resourceType }) => resourceType === 'Condition');
  const conditions = all.flatMap((one): Condition[] => {
    const parsed = resource.safeParse(one);
    const condition = parsed.success ? conditionOf(parsed.data) : undefined;
    return condition === undefined ? [] : [condition];
  });
  return { conditions, unusable: all.length - conditions.length };
}
