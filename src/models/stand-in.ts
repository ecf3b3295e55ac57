// Stand-in for a model whose folder is missing or cannot be read: it names no finding, has no file and never runs. So films are
// received and kept, and everything that needs no model goes on, until the folder is mended.
import type { CareError } from '#kernel/errors.ts';
import type { Model } from './model.ts';

/** Films are only looked at, to see whether they can be decoded. */
const LOOK = { columns: 256, rows: 256 };

/** Asking for its file throws the fault of its folder. */
export function standInFor(id: string, fault: CareError): Model {
  return Object.freeze({
    manifest: {
      id,
      version: '0',
      kind: 'cxr-classifier' as const,
      title: { vi: id, en: id },
      licence: '',
      files: [],
      input: { name: '', channels: 1, ...LOOK },
      preprocessing: [{ step: 'resize' as const, ...LOOK, fit: 'squeeze' as const }],
      outputs: { logits: '', embedding: '', embeddingSize: 1, maps: '', mapRows: 1, mapColumns: 1 },
      heads: [],
      gate: {
        modalities: [],
        bodyParts: [],
        views: [],
        ageYears: { minimum: 0, maximum: 0 },
        minimumColumns: 1,
        minimumRows: 1,
      },
      minimumFaithfulness: 0,
    },
    calibration: { version: '0', modelId: id, modelVersion: '0', method: '', errorRate: 0, heads: [] },
    golden: { tolerance: { fp32: 0, fp16: 0, int8: 0 }, cases: [] },
    folder: '',
    file() {
      throw fault;
    },
  });
}
