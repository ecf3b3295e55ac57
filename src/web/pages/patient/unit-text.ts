// A unit as a person reads it; the service speaks UCUM.
import { say } from '#web/pages/shell/words.ts';

const READ: Readonly<Record<string, string>> = {
  'mm[Hg]': 'mmHg',
  Cel: '°C',
  '1': '',
  '{score}': '',
  '{count}': '',
  'mL/min/{1.73_m2}': 'mL/min/1.73 m²',
  'kg/m2': 'kg/m²',
  'umol/L': 'µmol/L',
};

export const unitText = (unit: string | null): string =>
  unit === null ? '' : unit === 'a' ? say('unit.years') : (READ[unit] ?? unit);
