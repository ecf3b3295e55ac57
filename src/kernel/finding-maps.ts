// A reading and what was found of its maps later, as one record. The committed record says which maps are checked and never changes.
import type { Finding, FindingMap, MapVerdicts, Reading } from './finding.ts';

const isChecking = ({ heatmap }: Finding): boolean => heatmap?.state === 'checking';

/** Codes of the findings whose map is not checked yet. */
export const checkingIn = ({ findings }: Pick<Reading, 'findings'>): readonly string[] =>
  findings.filter(isChecking).map(({ code }) => code);

/** Every map that is `checking` and has a verdict gets it; no other changes. */
export function withVerdicts<Record extends Pick<Reading, 'findings'>>(reading: Record, verdicts: MapVerdicts): Record {
  const mapOf = (finding: Finding): FindingMap | undefined =>
    isChecking(finding) ? (verdicts[finding.code] ?? finding.heatmap) : finding.heatmap;
  return {
    ...reading,
    findings: reading.findings.map((finding) => {
      const heatmap = mapOf(finding);
      return heatmap === undefined ? finding : { ...finding, heatmap };
    }),
  };
}
