// The store of result objects with what this service has: its blobs, its threads for pictures, its model's titles.
import { openResults, type Results } from '#interop/dicom-model/stored-results.ts';
import type { Rooms } from './rooms.ts';

export function resultsOf({ store, pictures, reading }: Rooms): Results {
  return openResults({
    blobs: store.blobs,
    pictures,
    // A finding of a model that is no longer here keeps its code as its name.
    title: (provenance, code) =>
      reading.headsOf(provenance).find((head) => head.code === code)?.title ?? { vi: code, en: code },
  });
}
