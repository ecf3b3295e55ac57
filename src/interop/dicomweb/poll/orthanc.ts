// One round of asking an Orthanc for what changed since the cursor. The cursor moves after each instance that was taken.
import { z } from 'zod';
import type { PollSettings } from './settings.ts';
import { CURSORS, fetchFile, fetchJson, type PollDeps, PollFault, takeOrStop } from './source.ts';

const changesSchema = z.object({
  Changes: z.array(
    z.object({ ChangeType: z.string(), ID: z.string().regex(/^[0-9a-f-]{44}$/), Seq: z.number().int() }),
  ),
  Done: z.boolean(),
  Last: z.number().int(),
});
const cursorSchema = z.object({ since: z.number().int() });

const PAGE = 100;
/** Images, not the reports and segmentations that a PACS holds beside them. */
const NO_IMAGE = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(88|11|66|104|9|481)\b/;

async function fetchInstance(id: string, settings: PollSettings, { deps, signal }: Round): Promise<void> {
  const path = `/instances/${id}`;
  const options = { signal, maxBytes: deps.maxInstanceBytes };
  try {
    const { bytes: sopClass } = await fetchFile(
      settings,
      { path: `${path}/metadata/SopClassUid`, accept: '*/*' },
      options,
    );
    if (NO_IMAGE.test(sopClass?.toString('latin1').trim() ?? '')) return;
    const { bytes } = await fetchFile(settings, { path: `${path}/file`, accept: 'application/dicom' }, options);
    await takeOrStop(bytes, settings, deps);
  } catch (thrown) {
    // Deleted in the meantime.
    if (thrown instanceof PollFault && thrown.word === 'http-404') return;
    throw thrown;
  }
}

interface Round {
  readonly deps: PollDeps;
  readonly signal: AbortSignal;
}

/** True where more waits. Throws PollFault and what fetching throws; then the next round begins where this one stopped. */
export async function pollOrthanc(settings: PollSettings, round: Round): Promise<boolean> {
  const { deps, signal } = round;
  const known = cursorSchema.safeParse((await deps.cursors.get(CURSORS, settings.id))?.value);
  const since = known.success ? known.data.since : 0;
  const page = changesSchema.safeParse(await fetchJson(settings, `/changes?since=${since}&limit=${PAGE}`, signal));
  if (!page.success) throw new PollFault('not-orthanc');
  const { Changes: changes, Done: done, Last: last } = page.data;
  for (const { ChangeType: type, ID: id, Seq: sequence } of changes) {
    if (type !== 'NewInstance') continue;
    await fetchInstance(id, settings, round);
    await deps.cursors.put(CURSORS, settings.id, { since: sequence });
  }
  if (last > since) await deps.cursors.put(CURSORS, settings.id, { since: last });
  return !done;
}
