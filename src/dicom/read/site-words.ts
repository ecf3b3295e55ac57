// The words with which sites fill Modality, Body Part Examined, View Position and series descriptions, as data. A new spelling is a new entry.
//
// Compared without marks and case, in whole words: `NGỰC`, `Ngực` and `NGUC` are one entry, `P-A`, `P/A` and `P.A.` are `P A`.

/** Words for a plain radiograph that DICOM does not define or has retired → the defined term. */
export const MODALITY_WORDS: Readonly<Record<string, string>> = {
  CR: 'CR',
  'COMPUTED RADIOGRAPHY': 'CR',
  DX: 'DX',
  DR: 'DX',
  XR: 'DX',
  // Film on a screen, digitised.
  RG: 'DX',
  RX: 'DX',
  XRAY: 'DX',
  'X RAY': 'DX',
  XQ: 'DX',
  XQUANG: 'DX',
  'X QUANG': 'DX',
  'CR DX': 'DX',
  'DX CR': 'DX',
  'CR DR': 'DX',
  'DIGITAL RADIOGRAPHY': 'DX',
  'DIGITAL X RAY': 'DX',
};

/** The chest in Vietnamese, English, Spanish, Portuguese, French, German, Italian, Indonesian and Polish. */
export const CHEST_WORDS: readonly string[] = [
  'CHEST',
  'THORAX',
  'TORAX',
  'TORACE',
  'TORAKS',
  'LUNG',
  'LUNGS',
  'CXR',
  'NGUC',
  'LONG NGUC',
  'NGUC THANG',
  'TIM PHOI',
  'TIMPHOI',
  'PHOI',
  'PULMON',
  'PULMONES',
  'PULMAO',
  'PULMOES',
  'PECHO',
  'POUMON',
  'POUMONS',
  'POITRINE',
  'LUNGE',
  'POLMONE',
  'POLMONI',
  'PARU',
  'DADA',
  'KLATKA PIERSIOWA',
];

/** Beside a word for the chest they say that another part, or more than the chest, was meant. */
export const OTHER_PART_WORDS: readonly string[] = [
  'SPINE',
  'SPINAL',
  'VERTEBRA',
  'VERTEBRAE',
  'RIB',
  'RIBS',
  'STERNUM',
  'CLAVICLE',
  'SHOULDER',
  'ABDOMEN',
  'ABD',
  'PELVIS',
  'NECK',
  'HEAD',
  'COLUMNA',
  'COLUNA',
  'COLONNE',
  'WIRBELSAULE',
  'BWS',
  'RACHIS',
  'COSTILLAS',
  'COSTELAS',
  'COTES',
  'ABDOMINAL',
  'COT SONG',
  'CS',
  'BUNG',
  'O BUNG',
  'XUONG',
  'SUON',
  'VAI',
  'KHUNG CHAU',
];

/** They say nothing: the tag is as good as empty. */
export const EMPTY_WORDS: readonly string[] = [
  'UNKNOWN',
  'UNDEFINED',
  'UNSPECIFIED',
  'NONE',
  'NA',
  'N A',
  'NULL',
  'OTHER',
];

/** From back to front. */
export const PA_WORDS: readonly string[] = [
  'PA',
  'P A',
  'POSTEROANTERIOR',
  'POSTERO ANTERIOR',
  'POSTERIOR ANTERIOR',
  'POSTERIOR TO ANTERIOR',
  'POSTERIORANTERIOR',
  'POSTEROANT',
  'POST ANT',
  'SAU TRUOC',
  'DORSOVENTRAL',
  'DORSO VENTRAL',
];

/** From front to back. */
export const AP_WORDS: readonly string[] = [
  'AP',
  'A P',
  'ANTEROPOSTERIOR',
  'ANTERO POSTERIOR',
  'ANTERIOR POSTERIOR',
  'ANTERIOR TO POSTERIOR',
  'ANTERIORPOSTERIOR',
  'ANTEROPOST',
  'ANT POST',
  'TRUOC SAU',
  'VENTRODORSAL',
  'VENTRO DORSAL',
];

export const LATERAL_WORDS: readonly string[] = [
  'LATERAL',
  'LAT',
  'LL',
  'RL',
  'LLAT',
  'RLAT',
  'NGHIENG',
  'PROFIL',
  'PERFIL',
  'SEITLICH',
  'LATERALE',
  'LATEROLATERAL',
];

/** Projections that are neither plainly frontal nor lateral, whatever else is written beside them. */
export const OTHER_VIEW_WORDS: readonly string[] = [
  'OBLIQUE',
  'OBL',
  'RAO',
  'LAO',
  'RPO',
  'LPO',
  'LLO',
  'RLO',
  'LLD',
  'RLD',
  'DECUBITUS',
  'DECUB',
  'LORDOTIC',
  'LORDOTICA',
  'AXIAL',
  'APICAL',
  'CHECH',
  'UON',
];

/** They may stand in View Position without telling the direction: then it is as good as empty. */
export const POSTURE_WORDS: readonly string[] = [
  'FRONTAL',
  'FRONT',
  'THANG',
  'ERECT',
  'STANDING',
  'UPRIGHT',
  'SUPINE',
  'SITTING',
  'PORTABLE',
  'BEDSIDE',
  'VIEW',
  'DUNG',
  'NAM',
  'NGOI',
  'TU THE',
];
