// Established cardiovascular disease as codes. The definition is that of WHO's charts (2019), SCORE2 and PREVENT, which all exclude whoever has
// had a heart attack or another coronary disease, a stroke or transient ischaemic attack, or peripheral artery disease. Not in it, because the
// publications do not name them: veins, Raynaud's syndrome, pacemakers, valves, family history, aneurysms, other intracranial bleeding (I62),
// stenosis of a brain artery without stroke (I65 to I67), transient global amnesia (G45.4).
// Second source: the code lists of CALIBER (BHF CVD-COVID) and ESC 2021 as public studies print them; each SNOMED identifier passes its check digit.
import type { ConditionSet } from './condition-set.ts';

/** Myocardial infarction, of now and of the past. */
const INFARCTION = [
  '22298006', // Myocardial infarction
  '57054005', // Acute myocardial infarction
  '401303003', // Acute ST segment elevation myocardial infarction
  '401314000', // Acute non-ST segment elevation myocardial infarction
  '304914007', // Acute Q wave myocardial infarction
  '314207007', // Non-Q wave myocardial infarction
  '54329005', // Acute myocardial infarction of anterior wall
  '73795002', // Acute myocardial infarction of inferior wall
  '58612006', // Acute myocardial infarction of lateral wall
  '52035003', // Acute anteroapical myocardial infarction
  '62695002', // Acute anteroseptal myocardial infarction
  '70422006', // Acute subendocardial infarction
  '233843008', // Silent myocardial infarction
  '194856005', // Subsequent myocardial infarction
  '394710008', // First myocardial infarction
  '428752002', // Recent myocardial infarction
  '129574000', // Postoperative myocardial infarction
  '428196007', // Mixed myocardial ischaemia and infarction
  '879955009', // Myocardial infarction with non-obstructive coronary artery
  '1755008', // Old myocardial infarction
  '233839009', // Old anterior myocardial infarction
  '233840006', // Old inferior myocardial infarction
  '233841005', // Old lateral myocardial infarction
  '233842003', // Old posterior myocardial infarction
  '32574007', // Past myocardial infarction diagnosed on electrocardiogram
  '399211009', // History of myocardial infarction
  '161502000', // History of myocardial infarction at less than 60
  '161503005', // History of myocardial infarction at greater than 60
  '308065005', // History of myocardial infarction in last year
] as const;

/** Angina and other coronary disease. */
const OTHER_CORONARY = [
  '394659003', // Acute coronary syndrome
  '414545008', // Ischaemic heart disease
  '413838009', // Chronic ischaemic heart disease
  '413439005', // Acute ischaemic heart disease
  '53741008', // Coronary arteriosclerosis
  '443502000', // Atherosclerosis of coronary artery
  '92517006', // Calcific coronary arteriosclerosis
  '420006002', // Obliterative coronary artery disease
  '194842008', // Single coronary vessel disease
  '194843003', // Double coronary vessel disease
  '233817007', // Triple vessel disease of the heart
  '371803003', // Multi vessel coronary artery disease
  '371804009', // Left main coronary artery disease
  '315348000', // Asymptomatic coronary heart disease
  '429673002', // Arteriosclerosis of coronary artery bypass graft
  '1293192009', // Premature coronary artery disease
  '719678003', // Non-obstructive atherosclerosis of coronary artery
  '1303693000', // Atherosclerosis of right coronary artery
  '1366500000', // Atherosclerosis of left coronary artery
  '426856002', // Ischaemic cardiomyopathy
  '194828000', // Angina
  '233819005', // Stable angina
  '4557003', // Preinfarction syndrome (unstable angina)
  '194823009', // Acute coronary insufficiency
  '300995000', // Exercise-induced angina
  '315025001', // Refractory angina
  '371806006', // Progressive angina
  '371807002', // Atypical angina
  '429559004', // Typical angina
  '233821000', // New onset angina
  '314116003', // Post infarct angina
  '19057007', // Status anginosus
  '35928006', // Nocturnal angina
  '59021001', // Angina decubitus
  '87343002', // Prinzmetal angina
  '61490001', // Angina, class I
  '41334000', // Angina, class II
  '85284003', // Angina, class III
  '89323001', // Angina, class IV
  '15960141000119102', // Angina co-occurrent and due to coronary arteriosclerosis
  '15960061000119102', // Unstable angina co-occurrent and due to coronary arteriosclerosis
] as const;

/** Bypass and stent, which only a coronary disease is treated with. */
const REVASCULARISATION = [
  '232717009', // Coronary artery bypass graft
  '399261000', // History of coronary artery bypass grafting
  '415070008', // Percutaneous coronary intervention
  '36969009', // Placement of stent in coronary artery
  '428375006', // History of coronary artery stent placement
  '429639007', // Percutaneous transluminal balloon angioplasty with insertion of stent into coronary artery
] as const;

/** Ischaemic stroke and stroke of a kind that was not said. */
const ISCHAEMIC_STROKE = [
  '230690007', // Cerebrovascular accident
  '422504002', // Ischaemic stroke
  '432504007', // Cerebral infarction
  '25133001', // Completed stroke
  '57981008', // Progressing stroke
  '111297002', // Nonparalytic stroke
  '116288000', // Paralytic stroke
  '371040005', // Thrombotic stroke
  '371041009', // Embolic stroke
  '373606000', // Occlusive stroke
  '413758000', // Cardioembolic stroke
  '16891111000119104', // Cryptogenic stroke
  '71444005', // Cerebral thrombosis
  '75543006', // Cerebral embolism
  '195185009', // Cerebral infarct due to thrombosis of precerebral arteries
  '195186005', // Cerebral infarction due to embolism of precerebral arteries
  '195189003', // Cerebral infarction due to thrombosis of cerebral arteries
  '195190007', // Cerebral infarction due to embolism of cerebral arteries
  '230691006', // Cerebrovascular accident due to occlusion of cerebral artery
  '230692004', // Infarction, precerebral
  '230698000', // Lacunar infarction
  '230699008', // Pure motor lacunar syndrome
  '230700009', // Pure sensory lacunar infarction
  '95457000', // Brain stem infarction
  '95460007', // Cerebellar infarction
  '426983002', // Infarction of medulla oblongata
  '413102000', // Infarction of basal ganglia
  '307766002', // Left sided cerebral infarction
  '307767006', // Right sided cerebral infarction
  '195212005', // Brainstem stroke syndrome
  '195213000', // Cerebellar stroke syndrome
  '195216008', // Left sided cerebral hemisphere cerebrovascular accident
  '195217004', // Right sided cerebral hemisphere cerebrovascular accident
  '724424009', // Cerebral ischaemic stroke due to small artery occlusion
  '724425005', // Cerebral ischaemic stroke due to intracranial large artery atherosclerosis
  '724426006', // Cerebral ischaemic stroke due to extracranial large artery atherosclerosis
  '725132001', // Ischaemic stroke without residual deficits
  '723083001', // Late effects of cerebral ischaemic stroke
  '195243003', // Sequelae of cerebral infarction
  '275526006', // History of cerebrovascular accident
  '429993008', // History of cerebrovascular accident without residual deficits
  '440140008', // History of cerebrovascular accident with residual deficit
  '99051000119101', // History of lacunar cerebrovascular accident
  '690051000119100', // History of stroke of cerebellum
  '441991000', // Hemiparesis as late effect of cerebrovascular accident
  '442733008', // Hemiplegia as late effect of cerebrovascular accident
  '442617003', // Aphasia as late effect of cerebrovascular accident
  '148871000119109', // Weakness as a late effect of stroke
] as const;

/** Intracerebral and subarachnoid haemorrhage. */
const HAEMORRHAGIC_STROKE = [
  '274100004', // Cerebral haemorrhage
  '21454007', // Subarachnoid haemorrhage
  '230706003', // Haemorrhagic cerebral infarction
  '195240000', // Sequelae of subarachnoid haemorrhage
] as const;

/** Transient ischaemic attack, of the eye too. */
const TRANSIENT_ATTACK = [
  '266257000', // Transient ischaemic attack
  '195206000', // Intermittent cerebral ischaemia
  '230716006', // Anterior circulation transient ischaemic attack
  '710575003', // Transient ischaemic attack due to embolism
  '88032003', // Amaurosis fugax
  '161511000', // History of transient ischaemic attack
  '140221000119109', // History of transient ischaemic attack due to embolism
  '13016361000119101', // History of amaurosis fugax
] as const;

/** Peripheral artery disease. */
const PERIPHERAL_ARTERY = [
  '399957001', // Peripheral arterial occlusive disease
  '840580004', // Peripheral arterial disease
  '400047006', // Peripheral vascular disease
  '63491006', // Intermittent claudication
  '51274000', // Atherosclerosis of arteries of the extremities
] as const;

/** ICD-10-CM has codes of its own for what follows; WHO's edition has no codes there. */
const ICD10_CM = {
  coronary: ['Z98.61', 'T82.21', 'T82.855'],
  strokeHistory: ['Z86.73'],
  peripheralArtery: ['I70.3', 'I70.4', 'I70.5', 'I70.6', 'I70.7', 'I70.92', 'Z95.820'],
} as const;

const DIABETES = ['E08', 'E09', 'E10', 'E11', 'E12', 'E13', 'E14'] as const;
/** Diabetes with peripheral circulatory complications; in ICD-10-CM the last digit 9 is for other vessels. */
const DIABETIC_ARTERY = DIABETES.map((type) => `${type}.5`);
const OTHER_DIABETIC_VESSEL = DIABETES.map((type) => `${type}.59`);

export const CARDIOVASCULAR_SETS: readonly ConditionSet[] = [
  {
    concept: 'prior_cvd',
    lasting: true,
    icd10: [
      // Angina, infarction and its complications, other acute and chronic ischaemic heart disease.
      'I20',
      'I21',
      'I22',
      'I23',
      'I24',
      'I25',
      // Bypass graft, implant and graft of a coronary vessel.
      'Z95.1',
      'Z95.5',
      ...ICD10_CM.coronary,
      // Subarachnoid and intracerebral haemorrhage, infarction, stroke not specified, sequelae, vascular syndromes of the brain.
      'I60',
      'I61',
      'I63',
      'I64',
      'I69',
      'G46',
      'G45',
      ...ICD10_CM.strokeHistory,
      // Atherosclerosis of the arteries of the limbs, thromboangiitis obliterans, peripheral vascular disease, diabetic angiopathy.
      'I70.2',
      'I73.1',
      'I73.9',
      'I79.2',
      ...ICD10_CM.peripheralArtery,
      ...DIABETIC_ARTERY,
    ],
    icd10Except: ['G45.4', ...OTHER_DIABETIC_VESSEL],
    snomed: [
      ...INFARCTION,
      ...OTHER_CORONARY,
      ...REVASCULARISATION,
      ...ISCHAEMIC_STROKE,
      ...HAEMORRHAGIC_STROKE,
      ...TRANSIENT_ATTACK,
      ...PERIPHERAL_ARTERY,
    ],
    icpc2: ['K74', 'K75', 'K76', 'K89', 'K90', 'K92'],
  },
  {
    // CHA2DS2-VASc: ischaemic stroke, transient attack, embolism into an artery; bleeding is none of them.
    concept: 'stroke_tia_te',
    lasting: true,
    icd10: ['I63', 'I64', 'I69', 'G45', 'G46', 'I74', ...ICD10_CM.strokeHistory],
    icd10Except: ['I69.0', 'I69.1', 'I69.2', 'G45.4'],
    snomed: [...ISCHAEMIC_STROKE, ...TRANSIENT_ATTACK],
    icpc2: ['K89', 'K90'],
  },
  {
    // CHA2DS2-VASc with ESC 2020: infarction, significant coronary disease (revascularised), peripheral artery disease, aortic plaque.
    concept: 'vascular_disease',
    lasting: true,
    icd10: [
      'I21',
      'I22',
      'I23',
      'I25.2',
      'Z95.1',
      'Z95.5',
      ...ICD10_CM.coronary,
      'I70',
      'I73.9',
      'I79.2',
      'Z95.820',
      ...DIABETIC_ARTERY,
    ],
    icd10Except: OTHER_DIABETIC_VESSEL,
    snomed: [...INFARCTION, ...REVASCULARISATION, ...PERIPHERAL_ARTERY],
    icpc2: ['K75', 'K92'],
  },
  {
    concept: 'acute_coronary_syndrome',
    lasting: false,
    icd10: ['I20.0', 'I21', 'I22', 'I24.0', 'I24.9'],
    snomed: [
      '394659003', // Acute coronary syndrome
      '22298006', // Myocardial infarction
      '57054005', // Acute myocardial infarction
      '401303003', // Acute ST segment elevation myocardial infarction
      '401314000', // Acute non-ST segment elevation myocardial infarction
      '4557003', // Preinfarction syndrome (unstable angina)
    ],
    icpc2: ['K75'],
  },
];
