// The codes of a finding in international systems: the one place for them.

export interface Coded {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

const SNOMED = 'http://snomed.info/sct';

const snomed = (code: string, display: string): Coded => ({ system: SNOMED, code, display });

/**
 * The narrowest concept that surely covers the label, and no code where there is none: `Pleural_Thickening`, `Hernia` (of any
 * kind) and `any-abnormality` stay with our own code and their title. SNOMED CT International, except Infiltrate (DICOM CID 6104)
 * and pneumothorax, which RadLex names too.
 */
const CODES: Readonly<Record<string, readonly Coded[]>> = {
  Atelectasis: [snomed('46621007', 'Atelectasis')],
  Cardiomegaly: [snomed('8186001', 'Cardiomegaly')],
  Consolidation: [snomed('95436008', 'Lung consolidation')],
  Edema: [snomed('19242006', 'Pulmonary edema')],
  Effusion: [snomed('60046008', 'Pleural effusion')],
  Emphysema: [snomed('87433001', 'Pulmonary emphysema')],
  Fibrosis: [snomed('51615001', 'Fibrosis of lung')],
  Infiltration: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: '112121', display: 'Infiltrate' }],
  Mass: [snomed('309529002', 'Lung mass')],
  Nodule: [snomed('427359005', 'Solitary nodule of lung')],
  Pneumonia: [snomed('233604007', 'Pneumonia')],
  Pneumothorax: [
    snomed('36118008', 'Pneumothorax'),
    { system: 'http://radlex.org', code: 'RID5352', display: 'pneumothorax' },
  ],
  'paediatric-pneumonia': [snomed('233604007', 'Pneumonia')],
  tuberculosis: [snomed('154283005', 'Pulmonary tuberculosis')],
};

export const findingCodes = (code: string): readonly Coded[] => CODES[code] ?? [];

/** LOINC of the examination, by the number of films that were read. */
export function examinationCode(films: number): Coded {
  const system = 'http://loinc.org';
  if (films === 1) return { system, code: '36554-4', display: 'XR Chest Single view' };
  if (films === 2) return { system, code: '36643-5', display: 'XR Chest 2 Views' };
  return { system, code: '30745-8', display: 'XR Chest Views' };
}

/** The findings that a search for this code means; without a system, in any system and as our own code. */
export const findingsCoded = (system: string | undefined, code: string): readonly string[] =>
  Object.entries(CODES).flatMap(([name, codes]) =>
    codes.some((one) => one.code === code && (system === undefined || one.system === system)) ? [name] : [],
  );
