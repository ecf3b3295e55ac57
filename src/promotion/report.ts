// The file that `haidang models trial` writes: what two models said of the same labelled films. It holds cases, not a verdict: the verdict is
// computed from it again at the promotion. Patients stand in it as hashes.
import { z } from 'zod';
import { sha256Hex } from '#kernel/ids.ts';
import type { ExitCases } from './exit.ts';
import { promotionErrors } from './errors.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const name = z.string().min(1).max(200);
const share = z.number().min(0).max(1);

const modelSchema = z.strictObject({ modelId: name, modelVersion: name, sha256, calibration: name });
export type ReportedModel = z.infer<typeof modelSchema>;

export const trialReportSchema = z
  .strictObject({
    format: z.literal('haidang-model-trial'),
    madeAt: z.string().max(40),
    program: name,
    candidate: modelSchema,
    live: modelSchema,
    dataset: z.strictObject({ id: name, split: name, splitSha256: name, films: z.number().int().min(0) }),
    findings: z
      .array(
        z.strictObject({
          finding: name,
          source: name,
          patients: z.array(z.string().max(64)),
          /** 1: present. */
          present: z.array(z.union([z.literal(0), z.literal(1)])),
          candidate: z.array(share),
          live: z.array(share),
          beyondCalibration: z.number().int().min(0),
        }),
      )
      .max(200),
  })
  .meta({ id: 'ModelTrial' });
export type TrialReport = z.infer<typeof trialReportSchema>;

/** Patients of one data set under a name that says nothing of them. */
export const pseudonymIn =
  (datasetId: string) =>
  (patient: string): string =>
    sha256Hex(`${datasetId} ${patient}`).slice(0, 12);

export interface Expected {
  readonly candidate: ReportedModel;
  readonly live: ReportedModel;
}

const faultsOf = (found: ReportedModel, wanted: ReportedModel): string[] =>
  (['modelId', 'modelVersion', 'sha256', 'calibration'] as const)
    .filter((field) => found[field] !== wanted[field])
    .map((field) => `${field} ${found[field]}, here ${wanted[field]}`);

/** Throws `promotion.report-unfit` where it is of other files or calibrations, or its columns differ in length. */
export function reportCases(report: TrialReport, { candidate, live }: Expected): ExitCases[] {
  const wrong = [
    ...faultsOf(report.candidate, candidate).map((fault) => `candidate: ${fault}`),
    ...faultsOf(report.live, live).map((fault) => `live: ${fault}`),
  ];
  if (wrong.length > 0) throw promotionErrors.error('report-unfit', { field: 'report', reason: wrong.join('; ') });
  return report.findings.map(({ present, ...columns }) => {
    const { finding, patients } = columns;
    if ([patients, columns.candidate, columns.live].some(({ length }) => length !== present.length))
      throw promotionErrors.error('report-unfit', { field: finding, reason: `${finding}: columns differ in length` });
    return { ...columns, present: present.map((each) => each === 1) };
  });
}
