// The door for fetching a patient's laboratory values and vital signs from HisPro: kept once, risks judged, alerts told.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problemResponses } from '#http/problem.ts';
import { typed } from '#http/server.ts';
import { hisproErrors } from '#interop/hispro/errors.ts';
import { refreshPatient, type RefreshDeps } from './refresh.ts';
import { hisTime } from './time.ts';

export interface HisproImportDeps {
  readonly refreshing: RefreshDeps;
}

const code = z.string().min(1).max(64);

const body = z.strictObject({
  /** PATIENT_CODE */
  patientCode: code,
  /** TREATMENT_CODE; for laboratory values. */
  treatmentCode: code.optional(),
  /** HIS_TREATMENT.ID and HIS_PATIENT.ID; for vital signs. */
  treatmentId: z.number().int().positive().optional(),
  patientId: z.number().int().positive().optional(),
});

const answer = z.strictObject({
  stored: z.number().int(),
  known: z.number().int(),
  rejected: z.array(z.strictObject({ code: z.string(), reason: z.enum(['unknown-code', 'not-a-number']) })),
  alertIds: z.array(z.string()),
});

export async function hisproImportRoutes(plain: FastifyInstance, { refreshing }: HisproImportDeps): Promise<void> {
  typed(plain).post(
    '/v1/import/hispro',
    {
      config: { scope: 'studies:write' },
      schema: {
        tags: ['import'],
        operationId: 'importHispro',
        summary: 'Fetch one treatment’s laboratory values and vital signs from HisPro, keep them and judge the risks',
        body,
        response: { 200: answer, ...problemResponses },
      },
    },
    async ({ body: { patientCode, treatmentCode, treatmentId, patientId } }) => {
      if (refreshing.client === undefined) throw hisproErrors.error('not-configured');
      const emr = {
        ...(treatmentId === undefined ? {} : { TreatmentId: treatmentId }),
        ...(patientId === undefined ? {} : { PatientId: patientId }),
        IntructionTime: hisTime(refreshing.clock.now()),
      };
      const done = await refreshPatient(
        {
          patientCode,
          treatmentCode: treatmentCode ?? null,
          sex: null,
          birthDate: null,
          diagnoses: null,
          ...(treatmentId === undefined && patientId === undefined ? {} : { emr }),
        },
        refreshing,
      );
      return { ...done, rejected: [...done.rejected], alertIds: [...done.alertIds] };
    },
  );
}
