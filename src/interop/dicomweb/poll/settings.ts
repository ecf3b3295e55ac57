// Archives that are asked for new films, where a PACS cannot send them.
import { withoutEnd } from '#kernel/text-end.ts';
import { z } from 'zod';

export const pollSettings = z.strictObject({
  /** Names its cursor: keep it when the address changes. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** `orthanc`: its REST API with `/changes`; `qido`: any DICOMweb server. */
  kind: z.enum(['orthanc', 'qido']),
  /** For `orthanc` the root of the REST API, for `qido` the DICOMweb root. */
  url: z.url({ protocol: /^https?$/ }).transform((text) => withoutEnd(text, '/')),
  /** The whole value of the Authorization header. */
  authorization: z.string().min(1).optional(),
  everyMs: z.number().int().min(200).max(3_600_000).default(5_000),
  /** Only for `qido`: modalities whose studies are fetched, and how far back study dates are asked for. */
  modalities: z.array(z.string().regex(/^[A-Z0-9]{1,16}$/)).default(['CR', 'DX']),
  days: z.number().int().min(1).max(30).default(2),
});
export type PollSettings = z.infer<typeof pollSettings>;
