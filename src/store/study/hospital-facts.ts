// Facts of a study from the hospital's own messages: its order by accession number, its person by patient code. SQL for the rows of `study s`.
import type { PreparedStatement, Transaction } from '#store/host/database.ts';
import { type HospitalOrder, ORDER_ROOM, PERSON_ROOM } from '#kernel/hospital-order.ts';
import { storableText } from '#store/host/canonical.ts';
import { optional, type Tenancy } from '#store/host/tenancy.ts';

/** An accession number that two persons share is a mistake of somebody's: then the order says nothing about this film. */
const ORDER = `from record o where o.facility_id = s.facility_id and o.room = '${ORDER_ROOM}' and o.key = s.accession_number
  and (s.patient_id is null or s.patient_id = o.value->>'patientCode')`;
const PERSON = `from record p where p.facility_id = s.facility_id and p.room = '${PERSON_ROOM}' and p.key = s.patient_id`;

/** A column for a select from `study s`. */
export const HOSPITAL_ORDER = `(select o.value ${ORDER}) as hospital_order`;

export interface HospitalOrderRow {
  readonly hospital_order: HospitalOrder | null;
}

export const toOrder = ({ hospital_order: order }: HospitalOrderRow): { order?: HospitalOrder } => {
  if (order === null) return {};
  const { state, priority, question, physician, department } = order;
  return {
    order: {
      state,
      ...optional('priority', priority),
      ...optional('question', question),
      ...optional('physician', physician),
      ...optional('department', department),
    },
  };
};

/**
 * For `update study s set …`: what the film itself does not say is filled in, none of what it says is changed. Only for a
 * study that names its patient, and only by an order and a person of the same number.
 */
export const FILLED_BY_HOSPITAL = `
  treatment_code = coalesce(s.treatment_code,
    (select o.value->>'treatmentCode' ${ORDER} and s.patient_id is not null and o.value->>'state' = 'ordered')),
  patient_name = coalesce(s.patient_name, (select p.value->>'name' ${PERSON})),
  patient_birth_date = coalesce(s.patient_birth_date,
    (select p.value->>'birthDate' ${PERSON} and length(p.value->>'birthDate') = 10)),
  patient_sex = coalesce(s.patient_sex, (select p.value->>'sex' ${PERSON} and p.value->>'sex' in ('M', 'F', 'O')))`;

const LACKS = `(s.treatment_code is null or s.patient_name is null or s.patient_birth_date is null or s.patient_sex is null)`;

const FILL: Readonly<Record<string, PreparedStatement>> = {
  [ORDER_ROOM]: {
    name: 'fill-by-order',
    text: `update study s set ${FILLED_BY_HOSPITAL} where s.facility_id = $1 and s.accession_number = $2 and ${LACKS}`,
  },
  [PERSON_ROOM]: {
    name: 'fill-by-person',
    text: `update study s set ${FILLED_BY_HOSPITAL} where s.facility_id = $1 and s.patient_key = 'id:' || $2 and ${LACKS}`,
  },
};

/** The films that came before the message. */
export async function fillStudies(
  tx: Transaction,
  scope: Tenancy,
  record: { room: string; key: string },
): Promise<void> {
  const fill = FILL[record.room];
  if (fill !== undefined) await tx.query(fill, [scope.facilityId, storableText(record.key)]);
}
