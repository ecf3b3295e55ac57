// Translates the body of our own API into the question to the risk room.
import type { PatientQuestion } from '#risk/assess/assess-patient.ts';
import type { RiskSubject } from '#kernel/risk-subject.ts';
import { momentOf } from '#terminology/moment.ts';
import type { AssessBody } from '#risk/schema.ts';

/** A date alone is its midnight in Viet Nam. */
export const instantOf = (text: string): Date => new Date(momentOf(text));

/** `now` where the body names no moment. */
export function questionOf(body: AssessBody, now: Date): PatientQuestion {
  const { patient = {}, measurements = [], inputs, equations, explain = true, whatIf = [], asOf } = body;
  const { code, sex, birthDate, ageYears } = patient;
  return {
    ...(code !== undefined && { patientCode: code }),
    ...(sex !== undefined && { sex }),
    ...(birthDate !== undefined && { birthDate }),
    ...(ageYears !== undefined && { ageYears }),
    measurements: measurements.map(({ value, code: measured, system, comparator, unit, time, source }) => ({
      code: measured,
      ...(system !== undefined && { system }),
      value,
      ...(comparator !== undefined && { comparator }),
      ...(unit !== undefined && { unit }),
      ...(time !== undefined && { time }),
      ...(source !== undefined && { source }),
    })),
    ...(inputs !== undefined && { inputs }),
    ...(equations !== undefined && { equations }),
    explain,
    whatIf,
    asOf: asOf === undefined ? now : instantOf(asOf),
  };
}

/** Numbers are measured again; a yes, a no and a coded answer hold until they are stated otherwise. */
export const subjectStatedBy = ({ sex, birthDate, measurements }: PatientQuestion): RiskSubject => ({
  ...(sex === undefined ? {} : { sex }),
  ...(birthDate === undefined ? {} : { birthDate }),
  conditions: [],
  statements: measurements.filter(({ value, unit }) => unit === undefined && typeof value !== 'number'),
});
