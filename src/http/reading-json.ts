// The kernel's records as JSON: what a reading and an alert look like at our own door. Every field is declared, with its nullability.
import { z } from 'zod';
import { ALERT_STATUSES, type Alert, SEVERITIES } from '#kernel/alert.ts';
import { MAP_STATES, PRIORITIES, type Reading } from '#kernel/finding.ts';
import type { HospitalOrder } from '#kernel/hospital-order.ts';
import { sentenceSchema } from './problem.ts';

export const outcomeSchema = z.enum(['assessed', 'not-assessed', 'failed']).meta({ id: 'Outcome' });
export const decisionSchema = z.enum(['positive', 'negative', 'indeterminate']);
export const prioritySchema = z.enum(PRIORITIES).meta({ id: 'Priority' });
export const reasonSchema = z.strictObject({ code: z.string(), text: sentenceSchema }).meta({ id: 'Reason' });

export const orderSchema = z
  .strictObject({
    state: z.enum(['ordered', 'cancelled']),
    priority: prioritySchema,
    /** The clinical question, as the sender wrote it. */
    question: z.string().nullable(),
    physician: z.string().nullable(),
    department: z.string().nullable(),
  })
  .meta({ id: 'HospitalOrder' });

export const orderView = (order: HospitalOrder | undefined): z.infer<typeof orderSchema> | null =>
  order === undefined
    ? null
    : {
        state: order.state,
        priority: order.priority ?? 'routine',
        question: order.question ?? null,
        physician: order.physician ?? null,
        department: order.department ?? null,
      };

const provenanceSchema = z
  .strictObject({
    inputSha256: z.string(),
    pipelineVersion: z.string(),
    modelId: z.string(),
    modelVersion: z.string(),
    modelSha256: z.string(),
    provider: z.string(),
    precision: z.string(),
    calibrationVersion: z.string(),
    thresholdVersion: z.string(),
  })
  .meta({ id: 'Provenance' });

const findingSchema = z
  .strictObject({
    code: z.string(),
    probability: z.number().min(0).max(1),
    decision: decisionSchema,
    /** The probability holds where this share of the population has the finding; null in readings from before it was declared. */
    prevalence: z.number().min(0).max(1).nullable(),
    /** Further from the usual than anything seen in calibration. */
    beyondCalibration: z.boolean(),
    heatmap: z
      .strictObject({
        /** `checking`: not shown before its faithfulness is known; once a person has opened the study, it is checked sooner. */
        state: z.enum(MAP_STATES),
        faithfulness: z.number().nullable(),
        /** True where the state is `available`. */
        shown: z.boolean(),
        reason: reasonSchema.nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'Finding' });

export const readingSchema = z
  .strictObject({
    id: z.string(),
    studyUid: z.string(),
    sopInstanceUids: z.array(z.string()),
    outcome: outcomeSchema,
    reasons: z.array(reasonSchema),
    findings: z.array(findingSchema),
    priority: prioritySchema,
    readAt: z.string(),
    provenance: provenanceSchema,
    notForClinicalUse: z.boolean(),
    /** 1 for the first reading of a study. */
    revision: z.number().int(),
    /** A newer reading of the same study, if there is one. */
    supersededBy: z.string().nullable(),
  })
  .meta({ id: 'Reading' });
export type ReadingView = z.infer<typeof readingSchema>;

export const readingView = (
  reading: Reading & { readonly revision?: number; readonly supersededBy?: string },
): ReadingView => ({
  id: reading.id,
  studyUid: reading.studyUid,
  sopInstanceUids: [...reading.sopInstanceUids],
  outcome: reading.outcome,
  reasons: reading.reasons.map(({ code, text }) => ({ code, text })),
  findings: reading.findings.map(({ code, probability, decision, prevalence, beyondCalibration, heatmap }) => ({
    code,
    probability,
    decision,
    prevalence: prevalence ?? null,
    beyondCalibration: beyondCalibration === true,
    heatmap:
      heatmap === undefined
        ? null
        : {
            state: heatmap.state,
            faithfulness: heatmap.faithfulness ?? null,
            shown: heatmap.state === 'available',
            reason: heatmap.reason ?? null,
          },
  })),
  priority: reading.priority,
  readAt: reading.readAt,
  provenance: reading.provenance,
  notForClinicalUse: reading.notForClinicalUse,
  revision: reading.revision ?? 1,
  supersededBy: reading.supersededBy ?? null,
});

export const alertSchema = z
  .strictObject({
    id: z.string(),
    dedupKey: z.string(),
    severity: z.enum(SEVERITIES),
    status: z.enum(ALERT_STATUSES),
    subject: z.strictObject({
      patientCode: z.string(),
      treatmentCode: z.string().nullable(),
      accessionNumber: z.string().nullable(),
      studyUid: z.string().nullable(),
    }),
    summary: sentenceSchema,
    detail: sentenceSchema,
    evidence: z.array(
      z.strictObject({
        code: z.string(),
        text: sentenceSchema,
        value: z.number().nullable(),
        unit: z.string().nullable(),
      }),
    ),
    limitations: z.array(sentenceSchema),
    sourceId: z.string(),
    provenance: provenanceSchema,
    audience: z.strictObject({
      loginNames: z.array(z.string()),
      departmentCodes: z.array(z.string()),
      roles: z.array(z.string()),
    }),
    createdAt: z.string(),
    expiresAt: z.string(),
    suppressedBecause: reasonSchema.nullable(),
  })
  .meta({ id: 'Alert' });
export type AlertView = z.infer<typeof alertSchema>;

export const alertView = (alert: Alert): AlertView => ({
  id: alert.id,
  dedupKey: alert.dedupKey,
  severity: alert.severity,
  status: alert.status,
  subject: {
    patientCode: alert.subject.patientCode,
    treatmentCode: alert.subject.treatmentCode ?? null,
    accessionNumber: alert.subject.accessionNumber ?? null,
    studyUid: alert.subject.studyUid ?? null,
  },
  summary: alert.summary,
  detail: alert.detail,
  evidence: alert.evidence.map(({ code, text, value, unit }) => ({
    code,
    text,
    value: value ?? null,
    unit: unit ?? null,
  })),
  limitations: [...alert.limitations],
  sourceId: alert.sourceId,
  provenance: alert.provenance,
  audience: {
    loginNames: [...alert.audience.loginNames],
    departmentCodes: [...alert.audience.departmentCodes],
    roles: [...alert.audience.roles],
  },
  createdAt: alert.createdAt,
  expiresAt: alert.expiresAt,
  suppressedBecause: alert.suppressedBecause ?? null,
});

/** A whole number in a query string. */
export const queryNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^[0-9]+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));
