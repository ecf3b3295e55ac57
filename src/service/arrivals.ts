// Doors that fetch: archives that are polled and folders that are watched, from the site file.
import { startPoller } from '#interop/dicomweb/poll/poller.ts';
import { startWatch } from '#interop/watch-folder/watch.ts';
import type { Store } from '#store/store.ts';
import type { Here } from './context.ts';
import type { Owner } from './closing.ts';
import type { Take } from './intake.ts';

export async function openArrivals(
  { clock, config, fault, log, metrics, site }: Here,
  { store, take }: { readonly store: Pick<Store, 'facility'>; readonly take: Take },
  { own }: Owner,
): Promise<void> {
  const local = await store.facility(site.facility);
  const shared = {
    async take(bytes: Buffer | undefined, actor: string) {
      const verdict = await take(bytes, { facilityId: site.facility, actor });
      metrics.instanceJudged(verdict.status);
      return verdict;
    },
    maxInstanceBytes: config.maxUploadBytes,
    now: () => clock.now(),
  };
  for (const settings of site.dicom.poll)
    await own(
      startPoller(settings, {
        ...shared,
        has: async (uid) => (await local.intake.instance(uid)) !== undefined,
        cursors: local.records,
        told: (event, { id, reason }) => log({ level: 'warn', event, id, reason }),
      }),
      (poller) => poller.stop(),
    );
  for (const settings of site.dicom.watch)
    await own(startWatch(settings, { ...shared, fault }), (watch) => watch.stop());
}
