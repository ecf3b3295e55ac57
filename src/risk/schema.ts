// The shapes at the door of the risk room: what may be asked, strictly, and every field of the answers.
import { z } from 'zod';
import { sentenceSchema } from '#http/problem.ts';

const instant = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);
const inputValue = z.union([z.number(), z.boolean(), z.string().max(200)]);

const measurementSchema = z.strictObject({
  code: z.string().min(1).max(100).describe('LOINC, ICD-10 or SNOMED code, or the name of a quantity'),
  system: z
    .string()
    .max(200)
    .optional()
    .describe('Code system of `code` (address, OID or HL7 name); absent: told by the form of the code'),
  value: z
    .union([z.number(), z.boolean(), z.string().max(200)])
    .describe('A text may bear a decimal comma and a comparator, "<0,01"; "1,234" is not plainly one number'),
  comparator: z.enum(['<', '<=', '>', '>=']).optional(),
  unit: z.string().min(1).max(50).optional().describe('UCUM, or a usual spelling'),
  time: instant.optional(),
  source: z.string().max(200).optional(),
});

/** `1966`, `1966-03`, `1966-03-14`. */
const partialDate = z
  .string()
  .regex(/^\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?$/, 'must be a date: YYYY-MM-DD, YYYY-MM or YYYY')
  .refine((text) => text.length < 10 || z.iso.date().safeParse(text).success, 'must be a day of the calendar');

export const assessBody = z
  .strictObject({
    patient: z
      .strictObject({
        code: z.string().min(1).max(100).optional(),
        sex: z.enum(['male', 'female']).optional(),
        birthDate: partialDate.optional().describe('A day, a month or a year: then the age lies between two numbers'),
        ageYears: z.number().optional(),
      })
      .optional(),
    measurements: z.array(measurementSchema).max(5000).optional(),
    inputs: z
      .record(z.string(), inputValue)
      .optional()
      .describe('By the input names of the one equation that is named'),
    equations: z.array(z.string()).min(1).max(60).optional().describe('Absent: all that apply'),
    explain: z.boolean().optional(),
    whatIf: z.array(z.record(z.string(), inputValue)).max(20).optional(),
    asOf: instant.optional(),
    keep: z
      .boolean()
      .optional()
      .describe('Keep the results in the series of the patient, and tell the ward what it wants to be told'),
  })
  .refine((body) => body.keep !== true || body.patient?.code !== undefined, {
    path: ['patient', 'code'],
    error: 'keep needs the code of the patient',
  });
export type AssessBody = z.infer<typeof assessBody>;

/** Results are read-only all the way down. */
const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();

const reason = z.strictObject({ code: z.string(), text: sentenceSchema });
const fieldReason = z.strictObject({ code: z.string(), field: z.string().nullable(), text: sentenceSchema });
const category = z.strictObject({ code: z.string(), level: z.string(), title: sentenceSchema });
const interval = z.strictObject({ lower: z.number(), upper: z.number() });
const need = z.strictObject({ name: z.string(), title: sentenceSchema, codes: list(z.string()) });

const origin = z.union([
  z.strictObject({ kind: z.literal('stated') }),
  z.strictObject({
    kind: z.literal('measured'),
    index: z.number(),
    code: z.string(),
    time: z.string().optional(),
    source: z.string().optional(),
    /** The number as it was sent, in its UCUM unit. */
    sent: z.strictObject({ value: z.number(), unit: z.string() }).optional(),
  }),
  z.strictObject({ kind: z.literal('derived'), from: list(z.string()), time: z.string().optional() }),
]);

const outputShown = z.strictObject({
  name: z.string(),
  title: sentenceSchema,
  unit: z.string(),
  horizonYears: z.number().nullable(),
  value: z.number().nullable(),
  interval: interval.nullable(),
  label: z.string().nullable(),
  categories: list(category),
  reasons: list(z.strictObject({ code: z.string(), field: z.string().nullable().optional(), text: sentenceSchema })),
  text: sentenceSchema,
});

const inputShown = z.strictObject({
  name: z.string(),
  title: sentenceSchema,
  unit: z.string().nullable(),
  state: z.enum(['given', 'bounds', 'missing', 'stale', 'apart', 'not-a-level']),
  value: inputValue.nullable(),
  bounds: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
  origin: origin.nullable(),
});

const explanation = z.strictObject({
  output: z.string(),
  reference: z.record(z.string(), inputValue),
  referenceValue: z.number(),
  contributions: list(
    z.strictObject({
      name: z.string(),
      title: sentenceSchema,
      inputs: list(z.string()),
      contribution: z.number(),
      text: sentenceSchema,
    }),
  ),
});

const whatIf = z.strictObject({
  changes: list(z.strictObject({ input: z.string(), title: sentenceSchema, from: inputValue, to: inputValue })),
  value: z.number(),
  difference: z.number(),
  category: category.nullable(),
  text: sentenceSchema,
});

const provenance = z.strictObject({
  inputSha256: z.string(),
  pipelineVersion: z.string(),
  modelId: z.string(),
  modelVersion: z.string(),
  modelSha256: z.string(),
  provider: z.string(),
  precision: z.string(),
  calibrationVersion: z.string(),
  thresholdVersion: z.string(),
});

const resultSchema = z
  .strictObject({
    id: z.string(),
    equationId: z.string(),
    equationVersion: z.string(),
    title: sentenceSchema,
    group: z.string(),
    outcome: z.enum(['assessed', 'not-assessed', 'failed']),
    applicability: z.enum(['applicable', 'not-applicable', 'needs']),
    reasons: list(fieldReason),
    needs: list(need),
    headline: z.string().nullable(),
    outputs: list(outputShown),
    inputs: list(inputShown),
    explanation: explanation.nullable(),
    whatIf: list(whatIf),
    settledBy: z
      .strictObject({
        input: z.string(),
        title: sentenceSchema,
        unit: z.string().nullable(),
        codes: list(z.string()),
        settles: z.boolean(),
      })
      .nullable(),
    riskAge: z
      .strictObject({ years: z.number(), bound: z.enum(['exact', 'below', 'above']), text: sentenceSchema })
      .nullable(),
    assumptions: list(sentenceSchema),
    limits: list(sentenceSchema),
    vietNam: z.strictObject({ fit: z.string(), text: sentenceSchema }),
    licenceDuty: sentenceSchema.nullable(),
    citation: z.string(),
    words: list(sentenceSchema),
    provenance,
  })
  .meta({ id: 'EquationResult' });

export const assessAnswer = z.strictObject({
  asOf: z.string(),
  results: list(resultSchema),
  rejected: list(z.strictObject({ index: z.number(), field: z.string(), code: z.string(), reason })),
  /** Alerts that came of it, where `keep` was asked for. */
  alertIds: list(z.string()),
});

export const equationsAnswer = z.strictObject({
  equations: list(
    z.strictObject({
      id: z.string(),
      version: z.string(),
      title: sentenceSchema,
      group: z.string(),
      form: z.string(),
      outcome: sentenceSchema,
      horizon: sentenceSchema,
      population: sentenceSchema,
      vietNam: z.strictObject({ fit: z.string(), text: sentenceSchema }),
      inputs: list(
        z.strictObject({
          name: z.string(),
          concept: z.string(),
          title: sentenceSchema,
          kind: z.enum(['number', 'boolean', 'coded']),
          unit: z.string().nullable(),
          range: z
            .strictObject({
              minimum: z.number().nullable(),
              above: z.number().nullable(),
              maximum: z.number().nullable(),
              below: z.number().nullable(),
              source: z.enum(['published', 'plausible']),
            })
            .nullable(),
          levels: list(z.strictObject({ code: z.string(), title: sentenceSchema })).nullable(),
          core: z.boolean(),
          modifiable: z.boolean(),
          codes: list(z.string()),
        }),
      ),
      outputs: list(
        z.strictObject({
          name: z.string(),
          title: sentenceSchema,
          unit: z.string(),
          role: z.enum(['headline', 'detail']),
          horizonYears: z.number().nullable(),
        }),
      ),
      citation: z.string(),
      licenceDuty: sentenceSchema.nullable(),
      modelSha256: z.string(),
    }),
  ),
  refused: list(z.strictObject({ folder: z.string(), code: z.string(), reason: z.string() })),
});

export const seriesParams = z.strictObject({ patientCode: z.string().min(1).max(100) });
export const seriesQuery = z.strictObject({ equation: z.string().optional(), since: instant.optional() });
export const seriesAnswer = z.strictObject({
  patientCode: z.string(),
  series: list(
    z.strictObject({
      equationId: z.string(),
      title: sentenceSchema,
      points: list(
        z.strictObject({
          id: z.string(),
          assessedAt: z.string(),
          equationVersion: z.string(),
          value: z.number().nullable(),
          interval: interval.nullable(),
          unit: z.string(),
          category: z.string().nullable(),
          riskAgeYears: z.number().nullable(),
          text: sentenceSchema,
        }),
      ),
      trend: z
        .strictObject({
          direction: z.enum(['rising', 'falling', 'steady']),
          difference: z.number(),
          text: sentenceSchema,
        })
        .nullable(),
    }),
  ),
});

export const keptQuery = z.strictObject({
  equation: z.string().optional().describe('All kept results of one equation; absent: the latest of each'),
  limit: z
    .string()
    .regex(/^[0-9]+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(1).max(100))
    .default(50),
});
export const keptAnswer = z.strictObject({
  patientCode: z.string(),
  /** Newest first. */
  assessments: list(z.strictObject({ assessedAt: z.string(), result: resultSchema })),
});

export const cohortQuery = z.strictObject({
  equation: z.string().min(1),
  firstRow: z.coerce.number().int().min(1).optional().describe('Number of the first line sent, to go on after a break'),
});
