// Invented patients: a clearly made-up Vietnamese name with numbers and dates.
import { random } from '../random.ts';
import type { Sex } from '../subject.ts';

export interface Person {
  /** DICOM PN; the family name PHANTOM says at every glance that nobody is meant. */
  readonly name: string;
  readonly id: string;
  readonly sex: Sex;
  readonly ageYears: number;
  /** YYYYMMDD. */
  readonly birthDate: string;
}

const FAMILY = ['NGUYỄN', 'TRẦN', 'LÊ', 'PHẠM', 'HOÀNG', 'VŨ', 'ĐẶNG', 'BÙI', 'ĐỖ', 'HỒ', 'NGÔ', 'DƯƠNG'] as const;
const MIDDLE: Record<Sex, readonly [string, ...string[]]> = {
  M: ['VĂN', 'HỮU', 'ĐỨC', 'QUỐC', 'MINH'],
  F: ['THỊ', 'NGỌC', 'THU', 'THỊ MỸ', 'KIM'],
};
const GIVEN: Record<Sex, readonly [string, ...string[]]> = {
  M: ['AN', 'BÌNH', 'CƯỜNG', 'DŨNG', 'HẢI', 'KHÁNH', 'LONG', 'PHƯỚC', 'TUẤN', 'VIỆT'],
  F: ['ÁNH', 'CHÂU', 'DUNG', 'HẠNH', 'HƯƠNG', 'LÝ', 'MỪNG', 'NGUYỆT', 'THẢO', 'YẾN'],
};

/** The same number always gives the same person; `studyDate` is YYYYMMDD. */
export function inventPerson(seed: number, person: { sex: Sex; ageYears: number; studyDate: string }): Person {
  const draw = random(seed, 'person');
  const { sex, ageYears, studyDate } = person;
  const name = `PHANTOM^${draw.pick(FAMILY)} ${draw.pick(MIDDLE[sex])} ${draw.pick(GIVEN[sex])}`;
  // Born early in the year, so that the age holds on any study date from March on; the day is made up like the rest.
  const late = Number(studyDate.slice(4)) < 301;
  const year = Number(studyDate.slice(0, 4)) - ageYears - (late ? 1 : 0);
  const [month, day] = [late ? draw.whole(3, 12) : draw.whole(1, 2), draw.whole(1, 28)];
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    name,
    id: `PH${String(seed).padStart(8, '0')}`,
    sex,
    ageYears,
    birthDate: `${year}${two(month)}${two(day)}`,
  };
}
