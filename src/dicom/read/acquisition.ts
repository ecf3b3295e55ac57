// Time of exposure of an image: Acquisition DateTime, else the Acquisition, Content, Series or Study date with its time, the first that is whole.
import { ascii, type DataSet } from './element.ts';

/** Date and time of the same event, from the closest to the exposure to the farthest. */
const EVENTS: readonly (readonly [date: number, time: number])[] = [
  [0x00080022, 0x00080032],
  [0x00080023, 0x00080033],
  [0x00080021, 0x00080031],
  [0x00080020, 0x00080030],
];

const digits = (text: string | undefined): string => (text ?? '').replaceAll(/[.:\s-]/g, '');

/** `20261124` and `081730.5` → `2026-11-24T08:17:30.500000`; undefined where either is not plainly there. */
function moment(date: string, time: string, fraction: string): string | undefined {
  if (!/^\d{8}$/.test(date) || !/^\d{4}(?:\d{2})?$/.test(time)) return undefined;
  const [hour, minute, second] = [time.slice(0, 2), time.slice(2, 4), time.slice(4, 6).padEnd(2, '0')];
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;
  return `${day}T${hour}:${minute}:${second}.${fraction.padEnd(6, '0')}`;
}

const ofTime = (text: string | undefined): readonly [time: string, fraction: string] => {
  const [whole = '', fraction = ''] = (text ?? '').trim().replace(',', '.').split('.');
  return [digits(whole), /^\d{1,6}$/.test(fraction) ? fraction : ''];
};

/** ISO 8601 without a zone: devices of one study share a clock, and only the order counts. */
export function acquiredAt(set: DataSet): string | undefined {
  // 20261124081730.5+0700: the zone is left out.
  const whole = /^(\d{8})(\d{4,6})(?:\.(\d{1,6}))?(?:[+-]\d{4})?$/.exec((ascii(set, 0x0008002a) ?? '').trim());
  const stated = whole === null ? undefined : moment(whole[1] ?? '', whole[2] ?? '', whole[3] ?? '');
  if (stated !== undefined) return stated;
  for (const [date, time] of EVENTS) {
    const found = moment(digits(ascii(set, date)), ...ofTime(ascii(set, time)));
    if (found !== undefined) return found;
  }
  return undefined;
}
