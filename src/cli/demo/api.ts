// The public API as the demo speaks it; an answer that does not fit the schema is a fault of ours.
import { z } from 'zod';
import { problemSchema, sentenceSchema } from '#http/problem.ts';
import { studySchema, uploadAnswer, uploadProblem } from '#preread/schema.ts';
import { worklistAnswer, type WorklistItem } from '#worklist/schema.ts';

export type Verdict = z.infer<typeof uploadAnswer>['instances'][number];

export interface Api {
  /** One file; a refusal is a verdict too. */
  upload(name: string, bytes: Uint8Array): Promise<readonly Verdict[]>;
  /** All studies, open and closed, in the order of reading. */
  worklist(): Promise<readonly WorklistItem[]>;
  study(uid: string): Promise<z.infer<typeof studySchema>>;
  /** Titles of the findings by code. */
  titles(): Promise<ReadonlyMap<string, z.infer<typeof sentenceSchema>>>;
  /** Throws where the service refuses it. */
  assess(body: object): Promise<void>;
  /** A PNG, or undefined where there is none. */
  picture(path: string): Promise<Buffer | undefined>;
}

/** The most that one page of the worklist holds. */
const PAGE = 500;

const modelsAnswer = z.object({
  models: z.array(z.object({ heads: z.array(z.object({ code: z.string(), title: sentenceSchema })) })),
});

async function answered(response: Response): Promise<unknown> {
  const body: unknown = await response.json();
  if (response.ok) return body;
  const problem = problemSchema.partial().safeParse(body);
  throw new Error(`${response.url} answered ${response.status}: ${problem.data?.code ?? 'no problem document'}`);
}

/** Throws where the service cannot be reached or answers against its own description. */
export function createApi(address: string): Api {
  const get = async (path: string): Promise<unknown> => answered(await fetch(`${address}${path}`));
  return {
    async upload(name, bytes) {
      const form = new FormData();
      form.append('file', new Blob([Uint8Array.from(bytes)], { type: 'application/dicom' }), name);
      const response = await fetch(`${address}/v1/studies`, { method: 'POST', body: form });
      if (response.ok) return uploadAnswer.parse(await response.json()).instances;
      const problem = uploadProblem.parse(await response.json());
      return problem.instances ?? [{ name, status: 'refused', studyUid: null, sopInstanceUid: null, problem }];
    },
    async worklist() {
      const items: WorklistItem[] = [];
      for (let after = ''; ;) {
        const page = worklistAnswer.parse(await get(`/v1/worklist?state=all&limit=${PAGE}${after}`));
        items.push(...page.items);
        if (page.next === null) return items;
        after = `&after=${encodeURIComponent(page.next)}`;
      }
    },
    study: async (uid) => studySchema.parse(await get(`/v1/studies/${uid}`)),
    async titles() {
      const { models } = modelsAnswer.parse(await get('/v1/models'));
      return new Map(models.flatMap(({ heads }) => heads.map(({ code, title }) => [code, title])));
    },
    async assess(body) {
      await answered(
        await fetch(`${address}/v1/risk/assess`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      );
    },
    async picture(path) {
      const response = await fetch(`${address}${path}`);
      if (response.ok) return Buffer.from(await response.arrayBuffer());
      await response.body?.cancel();
      return undefined;
    },
  };
}
