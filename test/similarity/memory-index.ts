// A small exact index in memory: what the similarity room promises can be tested without a database.
import type {
  EmbeddingSpace,
  Neighbour,
  RecallFigure,
  StoredVector,
  VectorIndex,
  VectorQuery,
} from '#similarity/vector-index.ts';

export const SPACE: EmbeddingSpace = { modelId: 'm', modelVersion: '1', modelSha256: 'a'.repeat(64) };

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    dot += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return dot / Math.sqrt(aa * bb);
}

/** `found` says what share of the exact answer the "graph" finds at a breadth. */
export function memoryIndex(rows: readonly StoredVector[], found: (efSearch: number) => number = () => 1): VectorIndex {
  let figures: readonly RecallFigure[] = [];
  const allowed = (row: StoredVector, { excludePatientKey, excludeStudyUid, filter = {} }: VectorQuery): boolean =>
    row.patientKey !== excludePatientKey &&
    row.studyUid !== excludeStudyUid &&
    (filter.sex === undefined || row.sex === filter.sex) &&
    (filter.view === undefined || row.view === filter.view) &&
    (filter.finding === undefined || row.findings.includes(filter.finding)) &&
    (filter.ageYears === undefined ||
      (row.ageYears !== undefined && row.ageYears >= filter.ageYears.from && row.ageYears <= filter.ageYears.to));
  return {
    async search(query) {
      const method = query.method ?? 'exact';
      const neighbours: Neighbour[] = rows
        .filter((row) => allowed(row, query))
        .map(({ vector, ...row }) => ({ ...row, similarity: cosine(vector, query.vector) }))
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, query.k);
      const share = method === 'exact' ? 1 : found(query.efSearch ?? 40);
      return { method, neighbours: neighbours.slice(0, Math.round(share * neighbours.length)) };
    },
    size: async () => rows.length,
    sample: async (_space, count) => rows.slice(0, count),
    saveRecall: async (_space, fresh) => {
      figures = fresh;
    },
    recall: async () => figures,
  };
}

/** `count` vectors in the plane, one per degree, each its own person. */
export const circle = (count: number, parts: (n: number) => Partial<StoredVector> = () => ({})): StoredVector[] =>
  Array.from({ length: count }, (_, n) => {
    const angle = (n / 180) * Math.PI;
    return {
      readingId: `r${n}`,
      studyUid: `s${n}`,
      patientKey: `id:${n}`,
      vector: Float32Array.of(Math.cos(angle), Math.sin(angle)),
      findings: [],
      labelSource: 'model',
      ...parts(n),
    };
  });
