// The blocks of WHO's ICD-10 that our lists of diagnoses touch: each category of a block is ours, ours in part, or left out with a reason. Headings
// and categories are WHO's edition of 2019; `.ci/steps/48-code-lists` compares them with that edition.

export interface Icd10Block {
  readonly block: string;
  readonly heading: string;
  readonly concept: string;
  /** Categories that state the concept with all below them. */
  readonly whole: readonly string[];
  /** Categories of which only some codes state it: one code that does, one that does not. */
  readonly part?: Readonly<Record<string, readonly [states: string, statesNot: string]>>;
  /** The others, with the reason. */
  readonly out?: Readonly<Record<string, string>>;
}

const NOT_NAMED = 'the publications of the equations do not name it';
const because = (reason: string, ...categories: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(categories.map((category) => [category, reason]));
const range = (letter: string, first: number, last: number): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, at) => `${letter}${String(first + at).padStart(2, '0')}`);

const DIABETES = { block: 'E10-E14', heading: 'Diabetes mellitus' } as const;
const OTHER_HEART = { block: 'I30-I52', heading: 'Other forms of heart disease' } as const;
const PAROXYSMAL = { block: 'G40-G47', heading: 'Episodic and paroxysmal disorders' } as const;
const LUNG = { block: 'J40-J47', heading: 'Chronic lower respiratory diseases' } as const;
const OBSTETRIC = { concept: 'pregnancy' } as const;

export const ICD10_BLOCKS: readonly Icd10Block[] = [
  { block: 'I20-I25', heading: 'Ischaemic heart diseases', concept: 'prior_cvd', whole: range('I', 20, 25) },
  {
    block: 'I60-I69',
    heading: 'Cerebrovascular diseases',
    concept: 'prior_cvd',
    whole: ['I60', 'I61', 'I63', 'I64', 'I69'],
    out: because(NOT_NAMED, 'I62', 'I65', 'I66', 'I67', 'I68'),
  },
  {
    block: 'I70-I79',
    heading: 'Diseases of arteries, arterioles and capillaries',
    concept: 'prior_cvd',
    whole: [],
    part: { I70: ['I70.2', 'I70.0'], I73: ['I73.9', 'I73.0'], I79: ['I79.2', 'I79.0'] },
    out: because(NOT_NAMED, 'I71', 'I72', 'I74', 'I77', 'I78'),
  },
  {
    ...PAROXYSMAL,
    concept: 'prior_cvd',
    whole: ['G46'],
    part: { G45: ['G45.9', 'G45.4'] },
    out: because('no disease of vessels', 'G40', 'G41', 'G43', 'G44', 'G47'),
  },
  {
    block: 'I60-I69',
    heading: 'Cerebrovascular diseases',
    concept: 'stroke_tia_te',
    whole: ['I63', 'I64'],
    part: { I69: ['I69.3', 'I69.1'] },
    out: { ...because('bleeding', 'I60', 'I61', 'I62'), ...because(NOT_NAMED, 'I65', 'I66', 'I67', 'I68') },
  },
  { ...DIABETES, concept: 'diabetes', whole: range('E', 10, 14) },
  { ...DIABETES, concept: 'type1_diabetes', whole: ['E10'], out: because('another type', ...range('E', 11, 14)) },
  {
    ...DIABETES,
    concept: 'type2_diabetes',
    whole: ['E11'],
    out: because('another type', 'E10', ...range('E', 12, 14)),
  },
  {
    block: 'I10-I15',
    heading: 'Hypertensive diseases',
    concept: 'hypertension',
    whole: ['I10', 'I11', 'I12', 'I13', 'I15'],
  },
  {
    ...OTHER_HEART,
    concept: 'atrial_fibrillation',
    whole: ['I48'],
    out: because('another disease of the heart', ...range('I', 30, 47), ...range('I', 49, 52)),
  },
  {
    ...OTHER_HEART,
    concept: 'heart_failure',
    whole: ['I50'],
    out: because('no heart failure by itself', ...range('I', 30, 49), 'I51', 'I52'),
  },
  {
    ...LUNG,
    concept: 'copd',
    whole: ['J44'],
    out: because('another disease, or not said to be obstructive', ...range('J', 40, 43), 'J45', 'J46', 'J47'),
  },
  {
    ...LUNG,
    concept: 'emphysema',
    whole: ['J43'],
    out: because('no emphysema', ...range('J', 40, 42), ...range('J', 44, 47)),
  },
  {
    block: 'N17-N19',
    heading: 'Renal failure',
    concept: 'chronic_kidney_disease',
    whole: ['N18'],
    out: { N17: 'acute', N19: 'not said to be chronic' },
  },
  {
    block: 'B15-B19',
    heading: 'Viral hepatitis',
    concept: 'chronic_hepatitis',
    whole: ['B18'],
    out: because('acute, or not said to be chronic', 'B15', 'B16', 'B17', 'B19'),
  },
  {
    block: 'K70-K77',
    heading: 'Diseases of liver',
    concept: 'chronic_liver_disease',
    whole: ['K70', 'K73', 'K74'],
    part: { K75: ['K75.8', 'K75.0'], K76: ['K76.0', 'K76.2'] },
    out: because('acute, of another cause, or not said to be chronic', 'K71', 'K72', 'K77'),
  },
  {
    block: 'M05-M14',
    heading: 'Inflammatory polyarthropathies',
    concept: 'rheumatoid_arthritis',
    whole: ['M05', 'M06'],
    out: because('another arthritis', ...range('M', 7, 14)),
  },
  {
    block: 'M30-M36',
    heading: 'Systemic connective tissue disorders',
    concept: 'sle',
    whole: ['M32'],
    out: because('another disease', 'M30', 'M31', 'M33', 'M34', 'M35', 'M36'),
  },
  {
    ...PAROXYSMAL,
    concept: 'migraine',
    whole: ['G43'],
    out: because('no migraine', 'G40', 'G41', 'G44', 'G45', 'G46', 'G47'),
  },
  { block: 'C50-C50', heading: 'Malignant neoplasm of breast', concept: 'known_breast_cancer', whole: ['C50'] },
  {
    block: 'C60-C63',
    heading: 'Malignant neoplasms of male genital organs',
    concept: 'known_prostate_cancer',
    whole: ['C61'],
    out: because('another organ', 'C60', 'C62', 'C63'),
  },
  { ...OBSTETRIC, block: 'O00-O08', heading: 'Pregnancy with abortive outcome', whole: range('O', 0, 8) },
  {
    ...OBSTETRIC,
    block: 'O10-O16',
    heading: 'Oedema, proteinuria and hypertensive disorders in pregnancy, childbirth and the puerperium',
    whole: range('O', 10, 16),
  },
  {
    ...OBSTETRIC,
    block: 'O20-O29',
    heading: 'Other maternal disorders predominantly related to pregnancy',
    whole: [...range('O', 20, 26), 'O28', 'O29'],
  },
  {
    ...OBSTETRIC,
    block: 'O30-O48',
    heading: 'Maternal care related to the fetus and amniotic cavity and possible delivery problems',
    whole: [...range('O', 30, 36), ...range('O', 40, 48)],
  },
  { ...OBSTETRIC, block: 'O60-O75', heading: 'Complications of labour and delivery', whole: range('O', 60, 75) },
  { ...OBSTETRIC, block: 'O80-O84', heading: 'Delivery', whole: range('O', 80, 84) },
  {
    ...OBSTETRIC,
    block: 'O85-O92',
    heading: 'Complications predominantly related to the puerperium',
    whole: range('O', 85, 92),
  },
  {
    ...OBSTETRIC,
    block: 'O94-O99',
    heading: 'Other obstetric conditions, not elsewhere classified',
    whole: ['O98', 'O99'],
    out: { O94: 'what a pregnancy left', ...because('a death', 'O95', 'O96', 'O97') },
  },
  {
    ...OBSTETRIC,
    block: 'Z30-Z39',
    heading: 'Persons encountering health services in circumstances related to reproduction',
    whole: ['Z33', 'Z34', 'Z35', 'Z36'],
    part: { Z32: ['Z32.1', 'Z32.0'] },
    out: because('no pregnancy, or after it', 'Z30', 'Z31', 'Z37', 'Z38', 'Z39'),
  },
];
