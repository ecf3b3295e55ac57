// Studies by DICOM matching (PS3.4 C.2.2.2): wildcards and date ranges over the tags that a study keeps. For QIDO-RS.
import type { IncomingInstance } from '#kernel/instance.ts';
import type { StudyMatch } from '#kernel/study-match.ts';
import type { StoredStudy } from '#kernel/stored-study.ts';
import { storableText } from '#store/host/canonical.ts';
import type { Tenancy } from '#store/host/tenancy.ts';
import { patientKeyOf, type StudyRow, toStudy } from './study-row.ts';
import { openWhere } from '#store/search/where.ts';

export interface QueriedStudy {
  readonly study: Omit<StoredStudy, 'instances'>;
  readonly instances: readonly Omit<IncomingInstance, 'patient'>[];
}

export interface StudyMatcher {
  /** The last one received first. */
  match(query: StudyMatch): Promise<readonly QueriedStudy[]>;
}

/** DICOM's wildcards as those of LIKE; LIKE's own stand for themselves. */
const pattern = (text: string): string =>
  storableText(text)
    .replaceAll(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_');

/** Undefined for a pattern. */
const whole = (text: string | undefined): string | undefined =>
  text === undefined || /[*?]/.test(text) ? undefined : text;

interface Row extends StudyRow {
  readonly records: QueriedStudy['instances'];
}

export function openStudyMatcher({ facilityId, sql }: Tenancy): StudyMatcher {
  return {
    async match(query) {
      const where = openWhere('s.facility_id', facilityId);
      const text = (value: string | undefined) => (value === undefined ? undefined : pattern(value));
      where.when(query.studyUids?.map(storableText), (place) => `s.study_uid = any(${place}::text[])`);
      where.when(text(query.patientId), (place) => `s.patient_id like ${place}`);
      // One person and one order are found by an index, while a pattern looks through the archive.
      const [person, order] = [whole(query.patientId), whole(query.accessionNumber)];
      where.when(person && patientKeyOf({ id: person }, ''), (place) => `s.patient_key = ${place}`);
      where.when(order && storableText(order), (place) => `s.accession_number = ${place}`);
      // Names are matched without regard to case, as PS3.4 C.2.2.2.1 allows.
      where.when(text(query.patientName), (place) => `s.patient_name ilike ${place}`);
      where.when(text(query.accessionNumber), (place) => `s.accession_number like ${place}`);
      where.when(text(query.description), (place) => `s.description like ${place}`);
      where.when(query.fromDate, (place) => `left(s.study_time, 10) >= ${place}`);
      where.when(query.toDate, (place) => `left(s.study_time, 10) <= ${place}`);
      const instances = `from instance i where i.facility_id = s.facility_id and i.study_uid = s.study_uid
        and i.withdrawn_at is null and i.record->>'format' = 'dicom'`;
      where.when(query.modality, (place) => `exists (select 1 ${instances} and i.record->>'modality' = ${place})`);
      where.also(`exists (select 1 ${instances})`);
      const rows = await sql.query<Row>(
        `select s.*, (select jsonb_agg(i.record order by i.received_at, i.sop_instance_uid) ${instances}) as records
         from study s where ${where.text()} order by s.received_at desc, s.study_uid desc
         limit ${where.place(query.limit)} offset ${where.place(query.offset)}`,
        where.values,
      );
      return rows.map((row) => ({ study: toStudy(row), instances: row.records }));
    },
  };
}
