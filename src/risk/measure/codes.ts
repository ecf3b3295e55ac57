// Quantities and their codes: one row per clinical quantity, shared by all equations. Yes/no and coded quantities without codes
// of their own are known by their name alone (an equation declares them). LOINC codes were each seen with their display in public data.

export interface QuantityRow {
  readonly concept: string;
  /** UCUM; the unit in which features are kept. */
  readonly unit: string;
  readonly loinc: readonly string[];
  /** Outside it a value is a slip of the pen or of the unit, and is shown as rejected. */
  readonly plausible: readonly [low: number, high: number];
  /** How long a value stands for the patient; our choice, in days. Absent: for ever. An equation may ask for younger ones. */
  readonly maximumAgeDays?: number;
  /** g/mol: of the substance, or of the creatinine below a ratio. */
  readonly molarMass?: number;
  readonly charge?: number;
  /** Units that mean the same for this quantity though UCUM keeps them apart. */
  readonly sameUnits?: readonly string[];
}

const YEAR = 365;

/** International units, and the small letter, which is another unit in UCUM. */
const ENZYME_UNITS: readonly string[] = ['[IU]/L', '[iU]/L', 'u/L'];

export const QUANTITIES: readonly QuantityRow[] = [
  { concept: 'age', unit: 'a', loinc: ['30525-0', '21612-7'], plausible: [0, 120] },
  { concept: 'sbp', unit: 'mm[Hg]', loinc: ['8480-6'], plausible: [40, 300], maximumAgeDays: YEAR },
  { concept: 'heart_rate', unit: '/min', loinc: ['8867-4'], plausible: [20, 300], maximumAgeDays: 30 },
  { concept: 'respiratory_rate', unit: '/min', loinc: ['9279-1'], plausible: [1, 80], maximumAgeDays: 1 },
  { concept: 'temperature', unit: 'Cel', loinc: ['8310-5'], plausible: [25, 45], maximumAgeDays: 1 },
  { concept: 'spo2', unit: '%', loinc: ['59408-5', '2708-6'], plausible: [50, 100], maximumAgeDays: 1 },
  {
    concept: 'oxygen_flow',
    unit: 'L/min',
    loinc: ['3151-8'],
    plausible: [0, 100],
    maximumAgeDays: 1,
    sameUnits: ['/min'],
  },
  { concept: 'oxygen_concentration', unit: '%', loinc: ['3150-0'], plausible: [20, 100], maximumAgeDays: 1 },
  { concept: 'weight', unit: 'kg', loinc: ['29463-7', '3141-9'], plausible: [20, 350], maximumAgeDays: YEAR },
  { concept: 'height', unit: 'cm', loinc: ['8302-2', '3137-7'], plausible: [100, 250] },
  { concept: 'bmi', unit: 'kg/m2', loinc: ['39156-5'], plausible: [10, 80], maximumAgeDays: YEAR },
  { concept: 'waist', unit: 'cm', loinc: ['8280-0', '56086-2'], plausible: [40, 200], maximumAgeDays: YEAR },
  {
    concept: 'total_cholesterol',
    unit: 'mmol/L',
    loinc: ['2093-3', '14647-2'],
    plausible: [1.3, 15.5],
    maximumAgeDays: 5 * YEAR,
    molarMass: 386.65,
  },
  {
    concept: 'hdl',
    unit: 'mmol/L',
    loinc: ['2085-9', '14646-4'],
    plausible: [0.2, 4],
    maximumAgeDays: 5 * YEAR,
    molarMass: 386.65,
  },
  {
    concept: 'creatinine',
    unit: 'mg/dL',
    loinc: ['2160-0', '14682-9'],
    plausible: [0.1, 30],
    maximumAgeDays: YEAR,
    molarMass: 113.12,
  },
  { concept: 'cystatin_c', unit: 'mg/L', loinc: ['33863-2'], plausible: [0.1, 15], maximumAgeDays: YEAR },
  {
    concept: 'egfr',
    unit: 'mL/min/{1.73_m2}',
    loinc: ['98979-8', '62238-1', '33914-3'],
    plausible: [1, 250],
    maximumAgeDays: YEAR,
  },
  {
    concept: 'uacr',
    unit: 'mg/g',
    loinc: ['9318-7', '14959-1', '32294-1'],
    plausible: [0.1, 30_000],
    maximumAgeDays: YEAR,
    molarMass: 113.12,
  },
  { concept: 'albumin', unit: 'g/L', loinc: ['1751-7'], plausible: [5, 70], maximumAgeDays: YEAR },
  {
    concept: 'bilirubin',
    unit: 'umol/L',
    loinc: ['1975-2', '14631-6'],
    plausible: [1, 1000],
    maximumAgeDays: YEAR,
    molarMass: 584.66,
  },
  {
    concept: 'ast',
    unit: 'U/L',
    loinc: ['1920-8'],
    plausible: [1, 20_000],
    maximumAgeDays: YEAR,
    sameUnits: ENZYME_UNITS,
  },
  {
    concept: 'alt',
    unit: 'U/L',
    loinc: ['1742-6'],
    plausible: [1, 20_000],
    maximumAgeDays: YEAR,
    sameUnits: ENZYME_UNITS,
  },
  { concept: 'platelets', unit: '10*9/L', loinc: ['777-3', '26515-7'], plausible: [1, 2000], maximumAgeDays: YEAR },
  {
    concept: 'phosphate',
    unit: 'mg/dL',
    loinc: ['2777-1', '14879-1'],
    plausible: [0.5, 20],
    maximumAgeDays: YEAR,
    // Reported as phosphorus.
    molarMass: 30.974,
  },
  {
    concept: 'calcium',
    unit: 'mg/dL',
    loinc: ['17861-6', '2000-8'],
    plausible: [3, 20],
    maximumAgeDays: YEAR,
    molarMass: 40.078,
  },
  {
    concept: 'bicarbonate',
    unit: 'meq/L',
    loinc: ['1963-8', '2028-9'],
    plausible: [2, 60],
    maximumAgeDays: YEAR,
    charge: 1,
  },
  { concept: 'psa', unit: 'ng/mL', loinc: ['2857-1'], plausible: [0, 20_000], maximumAgeDays: YEAR },
  { concept: 'hbv_dna_copies', unit: '{copies}/mL', loinc: [], plausible: [0, 1e12], maximumAgeDays: YEAR },
  { concept: 'pepsinogen_i', unit: 'ng/mL', loinc: [], plausible: [0, 1000], maximumAgeDays: YEAR },
  { concept: 'pepsinogen_ii', unit: 'ng/mL', loinc: [], plausible: [0.1, 1000], maximumAgeDays: YEAR },
  {
    concept: 'gestational_age',
    unit: 'wk',
    // Of the mother: in weeks, not said how, estimated, from the last period, from the day of conception.
    loinc: ['49051-6', '18185-9', '11884-4', '11885-1', '53691-2'],
    plausible: [1, 45],
  },
  { concept: 'gcs', unit: '{score}', loinc: ['9269-2'], plausible: [3, 15], maximumAgeDays: 1 },
];

/** Results that state a pregnancy. */
export const PREGNANCY_RESULTS: readonly string[] = ['gestational_age', 'delivery_date'];

/** Expected day of delivery: not said how, from the last period, from ovulation, from all that is known. Its value is a date. */
export const DELIVERY_DATE_CODES: readonly string[] = ['11778-8', '11779-6', '11780-4', '11781-2'];

/** Yes/no findings that come as a result of their own. */
export const FLAG_CODES: Readonly<Record<string, readonly string[]>> = {
  hbeag_positive: ['13954-3', '5191-2'],
  // Current smoker
  smoker: ['64234-8'],
};
