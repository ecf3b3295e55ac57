// A DICOMweb archive that is asked for earlier films by QIDO-RS and WADO-RS.
import { z } from 'zod';
import { pollSettings } from '#interop/dicomweb/poll/settings.ts';

export const webPriorSettings = pollSettings
  .pick({ id: true, url: true, authorization: true })
  .extend({ kind: z.literal('qido') });
export type WebPriorSettings = z.infer<typeof webPriorSettings>;
