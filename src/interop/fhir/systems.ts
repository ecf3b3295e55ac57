// Identifier systems: a site's settings decide the systems that every view writes and every search reads.
import { z } from 'zod';
import type { Identifier, Reference } from '#interop/fhir/resources/resource.ts';

const uri = z.string().regex(/^(https?|urn|oid):\S+$/, 'must be an absolute URI');

/** What a site may choose; what it leaves out comes from the profile. */
export const identifierSettings = z.strictObject({
  profile: z.enum(['vn-core', 'local']).optional(),
  /** MA_BN, PATIENT_CODE. */
  patient: uri.optional(),
  /** The order line: SERE_SERV.ID, accession number. */
  accession: uri.optional(),
  /** MA_LK, TREATMENT_CODE. */
  treatment: uri.optional(),
  /** LOGINNAME of staff. */
  login: uri.optional(),
});
export type IdentifierSettings = z.infer<typeof identifierSettings>;

export interface IdentifierSystems {
  readonly patient: string;
  readonly accession: string;
  readonly treatment: string;
  readonly login: string;
  /** A study that came without a patient ID is a person of its own. */
  readonly unidentified: string;
  readonly alert: string;
  readonly reading: string;
  readonly finding: string;
  readonly assessment: string;
  readonly modelFile: string;
  readonly inputHash: string;
  readonly pipeline: string;
  readonly calibration: string;
  readonly thresholds: string;
  readonly provenance: string;
  readonly codes: {
    readonly alertType: string;
    readonly finding: string;
    readonly model: string;
    readonly category: string;
    readonly auditAction: string;
    readonly mitigation: string;
    readonly overrideReason: string;
    readonly priority: string;
  };
}

/** Draft Vietnamese core guide (hl7vn/vn-core-ig, 2021): the only published system for a hospital's own patient number. */
const VN_CORE_PATIENT = 'http://fhir.ehealth.gov.vn/core/sid/patient-internal-id';

/** `publicUrl` without a trailing slash. Not mandatory in Viet Nam, none of them: so each may be set. */
export function identifierSystems(settings: IdentifierSettings, publicUrl: string): IdentifierSystems {
  const own = (name: string): string => `${publicUrl}/sid/${name}`;
  const codes = (name: string): string => `${publicUrl}/CodeSystem/${name}`;
  const { profile = 'vn-core' } = settings;
  return Object.freeze({
    patient: settings.patient ?? (profile === 'vn-core' ? VN_CORE_PATIENT : own('patient')),
    accession: settings.accession ?? own('accession'),
    treatment: settings.treatment ?? own('ma-lk'),
    login: settings.login ?? own('login'),
    unidentified: own('unidentified-patient'),
    alert: own('alert'),
    reading: own('reading'),
    finding: own('finding'),
    assessment: own('risk-assessment'),
    modelFile: own('model-file-sha256'),
    inputHash: own('input-sha256'),
    pipeline: own('pipeline'),
    calibration: own('calibration'),
    thresholds: own('thresholds'),
    provenance: own('provenance'),
    codes: Object.freeze({
      alertType: codes('alert-type'),
      finding: codes('finding'),
      model: codes('model'),
      category: codes('risk-category'),
      auditAction: codes('audit-action'),
      mitigation: codes('mitigation'),
      overrideReason: codes('override-reason'),
      priority: codes('priority'),
    }),
  });
}

/** Key that the store gives to a study without patient ID. */
const UNIDENTIFIED = 'study:';

/**
 * The patient as a logical reference: this server keeps no Patient, the hospital's own does. With `conditional` it is also a
 * conditional reference, which a receiving server resolves in a transaction.
 */
export function patientReference(code: string, systems: IdentifierSystems, how: 'logical' | 'conditional'): Reference {
  const nobody = code.startsWith(UNIDENTIFIED);
  const identifier: Identifier = { system: nobody ? systems.unidentified : systems.patient, value: code };
  const search = `Patient?identifier=${encodeURIComponent(identifier.system)}|${encodeURIComponent(code)}`;
  return { ...(how === 'conditional' && !nobody && { reference: search }), type: 'Patient', identifier };
}

export const studyIdentifier = (studyUid: string): Identifier => ({
  system: 'urn:dicom:uid',
  value: `urn:oid:${studyUid}`,
});

export const accessionIdentifier = (accession: string, systems: IdentifierSystems): Identifier => ({
  type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'ACSN' }] },
  system: systems.accession,
  value: accession,
});
