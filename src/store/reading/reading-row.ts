// A reading as it is stored: the committed record, and beside it what was found of its maps later.
import { checkingIn, withVerdicts } from '#kernel/finding-maps.ts';
import type { FindingMap, MapVerdicts, Reading } from '#kernel/finding.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { StoredReading } from '#kernel/stored-reading.ts';
import { optional } from '#store/host/tenancy.ts';

/** The columns that `toReading` needs, of a row of `reading`. */
export const READING_COLUMNS = 'record, maps, revision, superseded_by';

/** Until migration 0007 a map was checked before the reading was committed, and said only whether it is shown. */
interface EarlierMap {
  readonly faithfulness: number;
  readonly shown: boolean;
  readonly reason?: FindingMap['reason'];
}

export interface RecordRow {
  readonly record: Reading;
  readonly maps: MapVerdicts | null;
}

export interface ReadingRow extends RecordRow {
  readonly revision: number;
  readonly superseded_by: Uuid | null;
}

function mapOf(stored: FindingMap | EarlierMap): FindingMap {
  if ('state' in stored) return stored;
  const { faithfulness, shown, reason } = stored;
  return { state: shown ? 'available' : 'hidden', faithfulness, ...optional('reason', reason) };
}

export function toRecord({ record, maps }: RecordRow): Reading {
  const findings = record.findings.map((finding) =>
    finding.heatmap === undefined ? finding : { ...finding, heatmap: mapOf(finding.heatmap) },
  );
  return withVerdicts({ ...record, findings }, maps ?? {});
}

const SUPERSEDED: FindingMap = {
  state: 'failed',
  reason: {
    code: 'store.maps-superseded',
    text: {
      vi: 'Bản đồ nhiệt chưa được kiểm tra thì một kết quả đọc mới hơn đã thay thế kết quả này.',
      en: 'A newer reading took the place of this one before its heatmap was checked.',
    },
  },
};

/** The newer reading's maps are checked in place of these. */
const withoutMaps = (record: Reading): Reading =>
  withVerdicts(record, Object.fromEntries(checkingIn(record).map((code) => [code, SUPERSEDED])));

export function toReading(row: ReadingRow): StoredReading {
  const { revision, superseded_by: supersededBy } = row;
  const record = toRecord(row);
  if (supersededBy === null) return { ...record, revision };
  return { ...withoutMaps(record), revision, supersededBy };
}
