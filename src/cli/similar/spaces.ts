// The spaces of stored vectors: which there are, which one similar cases are read from, and how well each is searched.
import { alignedTable } from '#research/report/text.ts';
import type { EmbeddingSpace, RecallFigure } from '#similarity/vector-index.ts';
import { storeErrors } from '#store/errors.ts';
import type { Store } from '#store/store.ts';

const ACTOR = 'command-line';

export interface SpaceRow extends EmbeddingSpace {
  readonly facility: string;
  readonly size: number;
  /** Current films with a vector of another model only. */
  readonly withoutVector: number;
  readonly readFrom: boolean;
  /** Empty while the space is so small that every case is compared. */
  readonly recall: readonly RecallFigure[];
}

export async function spaceRows(store: Store): Promise<readonly SpaceRow[]> {
  const rows: SpaceRow[] = [];
  for (const facility of await store.facilities()) {
    const { embeddings } = await store.facility(facility);
    const from = await embeddings.readFrom();
    for (const { dimensions: _dimensions, size, ...space } of await embeddings.spaces())
      rows.push({
        facility,
        ...space,
        size,
        withoutVector: await embeddings.unfilledCount(space),
        readFrom: from?.modelSha256 === space.modelSha256 && from.modelVersion === space.modelVersion,
        recall: await embeddings.recall(space),
      });
  }
  return rows;
}

export function spacesInWords(rows: readonly SpaceRow[]): string {
  if (rows.length === 0) return 'no vector is stored yet';
  const table = alignedTable([
    ['facility', 'model', 'vectors', 'without one', 'read from'],
    ...rows.map(({ facility, modelId, modelVersion, size, withoutVector, readFrom }) => [
      facility,
      `${modelId} ${modelVersion}`,
      String(size),
      String(withoutVector),
      readFrom ? 'by every film' : 'by films of this model',
    ]),
  ]);
  const recall = rows.flatMap(({ facility, modelId, modelVersion, recall: figures }) =>
    figures.map((figure) => [
      facility,
      `${modelId} ${modelVersion}`,
      figure.filter,
      figure.recall.toFixed(3),
      `${figure.queries} × ${figure.k}`,
      figure.measuredAt.slice(0, 16),
    ]),
  );
  if (recall.length === 0) return `${table}\n\nevery search compares all cases; no recall is to be measured`;
  return `${table}\n\n${alignedTable([['facility', 'model', 'filter', 'recall', 'queries × k', 'measured'], ...recall])}`;
}

/** Says how many films have no vector there. Throws CareError `store.space-gaps`. */
export async function switchSpace(
  store: Store,
  space: EmbeddingSpace | undefined,
  { withGaps }: { readonly withGaps: boolean },
): Promise<number> {
  const facilities = await Promise.all((await store.facilities()).map((id) => store.facility(id)));
  const gaps = await Promise.all(
    facilities.map(async ({ embeddings }) => (space === undefined ? 0 : embeddings.unfilledCount(space))),
  );
  const missing = gaps.reduce((sum, n) => sum + n, 0);
  if (missing > 0 && !withGaps)
    throw storeErrors.error('space-gaps', {
      field: '--model',
      reason: `${missing} films have no vector of this model; run haidang similar back-fill first, or take --with-gaps where its gate refuses them`,
    });
  for (const { embeddings } of facilities) await embeddings.switchTo(space, { actor: ACTOR });
  return missing;
}
