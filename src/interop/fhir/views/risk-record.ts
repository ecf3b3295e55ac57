// Reads the parts of a stored risk result that FHIR can say; a record without them still has its value.
import type { Assessment } from '#kernel/assessment.ts';
import { z } from 'zod';

const sentence = z.object({ vi: z.string(), en: z.string() });
const reason = z.object({ code: z.string(), text: sentence });
const category = z.object({ code: z.string(), level: z.string().optional(), title: sentence });

const output = z.object({
  name: z.string(),
  title: sentence,
  unit: z.string(),
  horizonYears: z.number().nullish(),
  value: z.number().nullable(),
  label: z.string().nullish(),
  interval: z.object({ lower: z.number(), upper: z.number() }).nullish(),
  categories: z.array(category).default([]),
  text: sentence,
});
export type RiskOutput = z.infer<typeof output>;

const input = z.object({
  name: z.string(),
  title: sentence,
  unit: z.string().nullish(),
  state: z.string(),
  value: z.union([z.number(), z.string(), z.boolean()]).nullish(),
  origin: z
    .object({
      kind: z.string(),
      source: z.string().optional(),
      time: z.string().optional(),
      sent: z.object({ value: z.number(), unit: z.string() }).optional(),
    })
    .nullish(),
});
export type RiskInput = z.infer<typeof input>;

const result = z.object({
  title: sentence,
  outputs: z.array(output).default([]),
  inputs: z.array(input).default([]),
  reasons: z.array(reason).default([]),
  explanation: z.object({ contributions: z.array(z.object({ text: sentence })) }).nullish(),
  limits: z.array(sentence).default([]),
  assumptions: z.array(sentence).default([]),
  licenceDuty: sentence.nullish(),
  citation: z.string().optional(),
});
export type RiskResult = z.infer<typeof result>;

/** Undefined where the record is not in the risk room's own form (for example computed at another door). */
export function riskResultOf(record: Assessment): RiskResult | undefined {
  const parsed = result.safeParse(record.result);
  return parsed.success ? parsed.data : undefined;
}
