// Risks that are no alert and that HisPro would take for "no problem": scores that the values would raise and that are not for this person (age,
// pregnancy), and ranges that missing inputs leave open. A line says why, once for a treatment.
import { z } from 'zod';
import type { Language, Sentence } from '#kernel/errors.ts';
import { both, say } from '#messages/say.ts';
import { inSentence } from '#messages/short-text.ts';
import type { ToldRisks } from '#risk/person/tell.ts';
import type { HisproStore } from '#interop/hispro/ports.ts';

const sentence = z.object({ vi: z.string(), en: z.string() });
const kept = z.object({
  patientCode: z.string(),
  at: z.string(),
  lines: z.array(sentence),
  /** Treatments whose physician was told. */
  saidFor: z.array(z.string()),
});
type Kept = z.infer<typeof kept>;

const ROOM = 'hispro-withheld';
/** Of an older judgement nothing is said: each check judges anew. */
const HOLDS_MS = 60 * 60_000;
const MOST_TREATMENTS = 20;

type Records = Pick<HisproStore, 'records'>;

async function read({ records }: Records, patientCode: string): Promise<Kept | undefined> {
  const parsed = kept.safeParse((await records.get(ROOM, patientCode))?.value);
  return parsed.success ? parsed.data : undefined;
}

type Untold = Pick<ToldRisks, 'withheld' | 'open'>;

const withheldLine = ({ title, reasons }: Untold['withheld'][number]): Sentence =>
  both((language) =>
    say(language, 'hispro.check.withheld', {
      title: title[language],
      reason: reasons.map(({ text }) => text[language]).join(' '),
    }),
  );

const openLine = ({ lower, range, missing, isWholeScale }: Untold['open'][number]): Sentence =>
  both((language) =>
    say(language, isWholeScale === true ? 'hispro.check.not-computed' : 'hispro.check.open', {
      title: lower.title[language],
      range: range[language],
      inputs: missing.map((input) => inSentence(input[language])).join('; '),
    }),
  );

/** Lines of the newest judgement; the same lines were told already where they were told. */
export async function keepUntold(
  store: Records,
  patientCode: string,
  { withheld, open, now }: Untold & { readonly now: Date },
): Promise<void> {
  const before = await read(store, patientCode);
  const lines = [...withheld.map(withheldLine), ...open.map(openLine)];
  if (before === undefined && lines.length === 0) return;
  if (lines.length === 0) return store.records.remove(ROOM, patientCode);
  const isSame = JSON.stringify(before?.lines) === JSON.stringify(lines);
  await store.records.put(ROOM, patientCode, {
    patientCode,
    at: now.toISOString(),
    lines,
    saidFor: isSame ? (before?.saidFor ?? []) : [],
  } satisfies Kept);
}

/** The lines that this treatment's physician was not told yet; told from now on. */
export async function untoldLines(
  store: Records,
  {
    patientCode,
    treatmentCode,
    language,
  }: {
    readonly patientCode: string;
    readonly treatmentCode: string | null;
    readonly language: Language;
  },
  now: Date,
): Promise<readonly string[]> {
  const found = await read(store, patientCode);
  const treatment = treatmentCode ?? '';
  if (found === undefined || found.saidFor.includes(treatment)) return [];
  if (now.getTime() - Date.parse(found.at) > HOLDS_MS) return [];
  await store.records.put(ROOM, patientCode, {
    ...found,
    saidFor: [treatment, ...found.saidFor].slice(0, MOST_TREATMENTS),
  } satisfies Kept);
  return found.lines.map((line) => line[language]);
}
