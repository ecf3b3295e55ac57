// The pictures of maps that may be shown, by reading and finding; never changed.
import type { MapPicture } from '#kernel/reading-commit.ts';
import type { Uuid } from '#kernel/ids.ts';
import type { Part } from '#store/host/parts.ts';
import type { Tenancy } from '#store/host/tenancy.ts';

/** Written with the audit entry of what they belong to. */
export function heatmapParts(
  { facilityId }: Tenancy,
  { readingId, heatmaps }: { readonly readingId: Uuid; readonly heatmaps: readonly MapPicture[] },
): readonly Part[] {
  if (heatmaps.length === 0) return [];
  return [
    {
      name: 'heatmaps',
      text: `drawn as (
        insert into heatmap (facility_id, reading_id, finding_code, sop_instance_uid, sha256, bytes, columns, rows)
        select $1, $2::uuid, * from unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::int[], $8::int[]))`,
      values: [
        facilityId,
        readingId,
        heatmaps.map(({ findingCode }) => findingCode),
        heatmaps.map(({ sopInstanceUid }) => sopInstanceUid),
        heatmaps.map(({ blob }) => blob.sha256),
        heatmaps.map(({ blob }) => blob.bytes),
        heatmaps.map(({ columns }) => columns),
        heatmaps.map(({ rows }) => rows),
      ],
    },
  ];
}
