// Reads the drug check that HisPro posts while a drug is typed: nulls everywhere, drugs by name only.
import { z } from 'zod';
import { icd10CodesIn } from '#terminology/conditions.ts';
import { birthDateFromHis } from '#interop/hispro/client/time.ts';
import { hisproErrors } from '#interop/hispro/errors.ts';

/** C# sends numbers where a code was typed without leading zeros; a number is read as its digits. */
const text = z
  .union([z.string().max(4000), z.number().transform(String)])
  .nullish()
  .transform((value) => (value === null || value === undefined || value.trim() === '' ? null : value.trim()));

const drug = z.looseObject({ medicationName: text, medicationId: text, drugRoute: text });

const checkDrug = z.looseObject({
  sessionID: text,
  isTemporary: z.boolean().nullish(),
  prescriptionInfo: z
    .looseObject({
      info: z
        .looseObject({
          patientID: text,
          maYTe: text,
          prescriptionId: text,
          prescriber: z.looseObject({ id: text }).nullish(),
          maKhoa: text,
          sex: text,
          dob: text,
          icd: text,
          examinationDate: text,
        })
        .nullish(),
      drugList: z.array(drug.nullable()).max(2000).nullish(),
    })
    .nullish(),
});

export interface DrugCheck {
  readonly sessionId: string | null;
  /** While typing: the answer is shown. Otherwise the prescription was saved and the answer is ignored. */
  readonly temporary: boolean;
  readonly patientCode: string | null;
  readonly treatmentCode: string | null;
  readonly prescriptionCode: string | null;
  /** Login of the prescriber. */
  readonly prescriber: string | null;
  readonly departmentCode: string | null;
  readonly sex: 'male' | 'female' | null;
  /** YYYY-MM-DD, YYYY-MM or YYYY; a year alone usually arrives as its first of January. */
  readonly birthDate: string | null;
  /** ICD-10 codes of the visit, `I63.9`; null where none were sent. */
  readonly diagnoses: readonly string[] | null;
  /** YYYY-MM-DD. */
  readonly visitDate: string | null;
  /** Names as typed, sorted: the set that a decision was made about. */
  readonly drugs: readonly string[];
}

const SEXES = new Map<string, 'male' | 'female'>([
  ['nam', 'male'],
  ['nữ', 'female'],
]);

/** C#'s empty date is the first day of the year 1. */
function dayIn(written: string): string | null {
  const day = /^\d{4}-\d{2}-\d{2}(?=T|$)/.exec(written)?.[0] ?? '';
  return z.iso.date().safeParse(day).success && !day.startsWith('0001') ? day : null;
}

/** Throws `hispro.bad-request` with the key in `field` for a wrong type; null and absent are never wrong. */
export function readDrugCheck(body: unknown): DrugCheck {
  const parsed = checkDrug.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw hisproErrors.error('bad-request', {
      field: issue === undefined || issue.path.length === 0 ? 'body' : issue.path.map(String).join('.'),
      reason: 'wrong type',
    });
  }
  const { sessionID, isTemporary, prescriptionInfo } = parsed.data;
  const info = prescriptionInfo?.info;
  const drugs = (prescriptionInfo?.drugList ?? []).flatMap((one) => {
    const name = one?.medicationName ?? one?.medicationId;
    return name === null || name === undefined ? [] : [name];
  });
  const codes = icd10CodesIn(info?.icd ?? '');
  return {
    sessionId: sessionID,
    // Only an explicit false is a saved prescription: showing an answer that nobody needs is the lesser fault.
    temporary: isTemporary !== false,
    patientCode: info?.patientID ?? null,
    treatmentCode: info?.maYTe ?? null,
    prescriptionCode: info?.prescriptionId ?? null,
    prescriber: info?.prescriber?.id ?? null,
    departmentCode: info?.maKhoa ?? null,
    sex: SEXES.get((info?.sex ?? '').normalize('NFC').toLowerCase()) ?? null,
    birthDate: birthDateFromHis(info?.dob ?? ''),
    diagnoses: codes.length === 0 ? null : codes,
    visitDate: dayIn(info?.examinationDate ?? ''),
    drugs: [...new Set(drugs)].sort(),
  };
}
