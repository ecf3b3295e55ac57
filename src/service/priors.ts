// Earlier films of each person whose film arrives, from the archives that the site file names.
import { webPriorSource } from '#interop/dicomweb/priors/prior-source.ts';
import { dimsePriorSource } from '#interop/dimse/query/prior-source.ts';
import type { PriorSource } from '#kernel/prior-source.ts';
import { startPriorFetcher } from '#preread/compare/fetch-priors.ts';
import type { Store } from '#store/store.ts';
import type { Here } from './context.ts';
import type { Owner } from './closing.ts';
import { withTls } from './dimse.ts';
import { interopErrors } from './errors.ts';
import type { Take } from './intake.ts';

const MIB = 1024 * 1024;

export interface PriorRooms {
  readonly store: Pick<Store, 'facility'>;
  readonly take: Take;
  /** UIDs of the studies that a PACS moves to our own port at our wish. */
  readonly moving: Set<string>;
}

/** Throws `interop.site`: a C-MOVE needs a port of ours to move to. */
export async function openPriors(here: Here, { store, take, moving }: PriorRooms, { own }: Owner): Promise<void> {
  const { clock, config, fault, log, metrics, site } = here;
  const { priors } = site.dicom;
  if (priors === undefined) return;
  const local = await store.facility(site.facility);
  const { modalities, most, years, quotaMiB } = priors;
  const fetchedBy: Take = (bytes, from) => take(bytes, { ...from, fetched: true });
  const sources = priors.from.map((settings): PriorSource => {
    if (settings.kind === 'qido')
      return webPriorSource(settings, {
        modalities,
        maxInstanceBytes: config.maxUploadBytes,
        has: async (uid) => (await local.intake.instance(uid)) !== undefined,
        async take(bytes, actor) {
          const verdict = await fetchedBy(bytes, { facilityId: site.facility, actor });
          metrics.instanceJudged(verdict.status);
          return verdict;
        },
      });
    if (settings.kind === 'c-move' && config.dicom.port === undefined && site.dicom.tls?.port === undefined)
      throw interopErrors.error('site', { field: 'dicom.priors.from', reason: 'c-move needs HAIDANG_DICOM_PORT' });
    return dimsePriorSource(withTls(settings, here), {
      aeTitle: config.dicom.aeTitle,
      modalities,
      maxDataSetBytes: config.maxUploadBytes,
      facilityId: site.facility,
      take: fetchedBy,
      moving,
      judged: metrics.instanceJudged,
      fault,
    });
  });
  await own(
    startPriorFetcher({
      store: local,
      sources,
      most,
      years,
      quotaBytes: quotaMiB * MIB,
      now: () => clock.now(),
      told: (event, { id, reason }) => log({ level: 'warn', event, id, reason }),
      fault,
    }),
    (fetcher) => fetcher.stop(),
  );
}
