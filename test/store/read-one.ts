// One turn of the service's reader with a made-up model: claims it, reads the study, commits everything.
import { derivedUuid } from '#kernel/ids.ts';
import type { FacilityStore, Store } from '#store/store.ts';
import { sampleAlert, sampleReading } from './samples.ts';

/** False: there was no job. */
export async function readOne(store: Store, local: FacilityStore): Promise<boolean> {
  const [job] = await store.jobs.claim({ kinds: ['read-study'], worker: 'w', leaseMs: 3_600_000, limit: 1 });
  if (job === undefined) return false;
  const study = await local.intake.study(job.key);
  const [instance] = study?.instances ?? [];
  if (instance === undefined) throw new Error('a job without images');
  const reading = sampleReading(instance, { id: derivedUuid('reading', job.key) });
  const { sopInstanceUid } = instance;
  const blob = await store.blobs.put(Buffer.from(`heatmap ${sopInstanceUid}`));
  await local.readings.commit({
    job,
    reading,
    heatmaps: [{ findingCode: 'Effusion', sopInstanceUid, blob, columns: 1, rows: 1 }],
    embedding: { vector: Float32Array.of(1, 2, 3), facets: { findings: ['Effusion'], labelSource: 'model' } },
    told: [{ kind: 'alert', alert: sampleAlert(reading) }],
    outbox: [{ id: reading.id, target: 'webhook:his', topic: 'reading.committed', orderKey: 'BN', body: {} }],
    audit: [],
  });
  return true;
}
