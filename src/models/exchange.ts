// Exchange of model versions in a running service: which version may take the place of another, and whether anything changed.
import { sha256Hex } from '#kernel/ids.ts';
import { modelErrors } from './errors.ts';
import type { Model } from './model.ts';

/** Of everything that a version says of itself; the files of weights are in it by their SHA-256. */
export const descriptionSha256 = ({ manifest, calibration, golden, repeatability, similarity }: Model): string =>
  sha256Hex(JSON.stringify([manifest, calibration, golden, repeatability ?? null, similarity ?? null]));

const findingsOf = ({ manifest }: Model): string =>
  JSON.stringify(manifest.heads.map(({ code, title, priority, explains }) => [code, title, priority, explains]));

/**
 * Lists, receivers and filters know the findings from the start of the service on. Throws CareError `models.other-findings` where the new
 * version has others.
 */
export function checkExchange(serving: Model, next: Model): void {
  if (findingsOf(serving) !== findingsOf(next))
    throw modelErrors.error('other-findings', {
      field: next.manifest.id,
      reason: `version ${next.manifest.version} has other findings, titles or priorities than version ${serving.manifest.version}`,
    });
}
