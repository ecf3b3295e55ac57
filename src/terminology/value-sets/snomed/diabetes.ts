// SNOMED CT: diabetes by its type, with its complications. Descendants are listed, as there is no hierarchy here; `.ci/steps/48-code-lists` compares the list with a second source.

/** Type 1. */
export const TYPE_1_DIABETES = [
  '46635009', // Type 1 diabetes
  '313435000', // Type 1 diabetes without complication
  '721283000', // Acidosis due to type 1 diabetes mellitus
  '314893005', // Arthropathy due to type 1 diabetes mellitus
  '712882000', // Autonomic neuropathy due to type 1 diabetes mellitus
  '60991000119100', // Blindness due to type 1 diabetes mellitus
  '290002008', // Brittle type 1 diabetes mellitus
  '421920002', // Cataract of eye due to diabetes mellitus type 1
  '368541000119101', // Cheiroarthropathy due to diabetes mellitus type 1
  '96441000119101', // Chronic kidney disease due to type 1 diabetes mellitus
  '90721000119101', // Chronic kidney disease stage 1 due to type 1 diabetes mellitus
  '90731000119103', // Chronic kidney disease stage 2 due to type 1 diabetes mellitus
  '90741000119107', // Chronic kidney disease stage 3 due to type 1 diabetes mellitus
  '1332472004', // Chronic kidney disease stage 3A due to type 1 diabetes mellitus
  '1332471006', // Chronic kidney disease stage 3B due to type 1 diabetes mellitus
  '90751000119109', // Chronic kidney disease stage 4 due to type 1 diabetes mellitus
  '90761000119106', // Chronic kidney disease stage 5 due to type 1 diabetes mellitus
  '72141000119104', // Chronic ulcer of skin due to type 1 diabetes mellitus
  '16891191000119108', // Coronary artery disease due to type 1 diabetes mellitus
  '770098001', // Cranial nerve palsy due to type 1 diabetes mellitus
  '72021000119109', // Dermopathy due to type 1 diabetes mellitus
  '721111000124107', // Diabetes mellitus type 1 stage 1
  '721121000124104', // Diabetes mellitus type 1 stage 2
  '721201000124104', // Diabetes mellitus type 1 stage 3
  '31321000119102', // Diabetes mellitus type 1 without retinopathy
  '420868002', // Disorder due to type 1 diabetes mellitus
  '739681000', // Disorder of eye due to type 1 diabetes mellitus
  '368521000119107', // Disorder of nerve due to type 1 diabetes mellitus
  '421468001', // Disorder of nervous system due to type 1 diabetes mellitus
  '368551000119104', // Dyslipidemia due to type 1 diabetes mellitus
  '90771000119100', // End stage renal disease on dialysis due to type 1 diabetes mellitus
  '691000119103', // Erectile dysfunction due to type 1 diabetes mellitus
  '420486006', // Exudative maculopathy due to type 1 diabetes mellitus
  '1217068008', // Fulminant type 1 diabetes mellitus
  '420825003', // Gangrene due to type 1 diabetes mellitus
  '713702000', // Gastroparesis due to type 1 diabetes mellitus
  '60981000119103', // Glaucoma due to diabetes mellitus type 1
  '367991000119101', // Hyperglycemia due to type 1 diabetes mellitus
  '137941000119106', // Hyperlipidemia due to type 1 diabetes mellitus
  '428896009', // Hyperosmolality due to uncontrolled type 1 diabetes mellitus
  '190330002', // Hyperosmolar coma due to type 1 diabetes mellitus
  '368561000119102', // Hyperosmolarity due to type 1 diabetes mellitus
  '128001000119105', // Hypertension concurrent and due to end stage renal disease on dialysis due to type 1 diabetes mellitus
  '71701000119105', // Hypertension in chronic kidney disease due to type 1 diabetes mellitus
  '1332464001', // Hypertension in chronic kidney disease stage 2 due to type 1 diabetes mellitus
  '1332442005', // Hypertension in chronic kidney disease stage 3 due to type 1 diabetes mellitus
  '1332441003', // Hypertension in chronic kidney disease stage 3A due to type 1 diabetes mellitus
  '1332436006', // Hypertension in chronic kidney disease stage 3B due to type 1 diabetes mellitus
  '1332468003', // Hypertension in chronic kidney disease stage 4 due to type 1 diabetes mellitus
  '1332467008', // Hypertension in chronic kidney disease stage 5 due to type 1 diabetes mellitus
  '84371000119108', // Hypoglycemia due to type 1 diabetes mellitus
  '421437000', // Hypoglycemic coma due to type 1 diabetes mellitus
  '120711000119108', // Hypoglycemic unawareness due to type 1 diabetes mellitus
  '367211000119103', // Inflammatory dermatosis due to type 1 diabetes mellitus
  '23045005', // Insulin dependent diabetes mellitus type IA
  '28032008', // Insulin dependent diabetes mellitus type IB
  '104941000119109', // Ischaemia of retina due to type 1 diabetes mellitus
  '420270002', // Ketoacidosis due to type 1 diabetes mellitus
  '421075007', // Ketoacidotic coma due to type 1 diabetes mellitus
  '426875007', // Latent autoimmune diabetes mellitus in adult
  '427571000', // Lumbosacral radiculoplexus neuropathy due to type 1 diabetes mellitus
  '769219006', // Macular oedema due to type 1 diabetes mellitus
  '609562003', // Maturity onset diabetes of the young, type 1
  '18521000119106', // Microalbuminuria due to type 1 diabetes mellitus
  '138881000119106', // Mild nonproliferative retinopathy due to type 1 diabetes mellitus
  '16745411000119104', // Mild nonproliferative retinopathy of bilateral eyes due to diabetes mellitus type 1
  '16745891000119105', // Mild nonproliferative retinopathy of left eye due to diabetes mellitus type 1
  '16745611000119102', // Mild nonproliferative retinopathy of right eye due to diabetes mellitus type 1
  '1571000119104', // Mixed hyperlipidemia due to type 1 diabetes mellitus
  '138891000119109', // Moderate nonproliferative retinopathy due to type 1 diabetes mellitus
  '16697521000119104', // Moderate nonproliferative retinopathy of bilateral eyes due to diabetes mellitus type 1
  '16697421000119103', // Moderate nonproliferative retinopathy of left eye due to diabetes mellitus type 1
  '16697471000119102', // Moderate nonproliferative retinopathy of right eye due to diabetes mellitus type 1
  '420918009', // Mononeuropathy due to type 1 diabetes mellitus
  '1196923000', // Neovascular glaucoma due to diabetes mellitus type 1
  '71721000119101', // Nephrotic syndrome due to type 1 diabetes mellitus
  '71771000119100', // Neuropathic arthropathy due to type 1 diabetes mellitus
  '789542009', // Neuropathy due to type 1 diabetes mellitus
  '706891008', // Neuropathy due to unstable diabetes mellitus type 1
  '870528001', // Newly diagnosed type 1 diabetes mellitus
  '60961000119107', // Nonproliferative diabetic retinopathy due to type 1 diabetes mellitus
  '16746661000119106', // Nonproliferative retinopathy of bilateral eyes due to diabetes mellitus type 1
  '16745211000119100', // Nonproliferative retinopathy of left eye due to diabetes mellitus type 1
  '16746741000119102', // Nonproliferative retinopathy of right eye due to diabetes mellitus type 1
  '72041000119103', // Osteomyelitis due to type 1 diabetes mellitus
  '31211000119101', // Peripheral angiopathy due to type 1 diabetes mellitus
  '421365002', // Peripheral circulatory disorder due to type 1 diabetes mellitus
  '71791000119104', // Peripheral neuropathy due to type 1 diabetes mellitus
  '421305000', // Persistent microalbuminuria due to type 1 diabetes mellitus
  '420514000', // Persistent proteinuria due to type 1 diabetes mellitus
  '713705003', // Polyneuropathy due to type 1 diabetes mellitus
  '199229001', // Pre-existing type 1 diabetes mellitus
  '609564002', // Pre-existing type 1 diabetes mellitus in pregnancy
  '609566000', // Pregnancy and type 1 diabetes mellitus
  '60971000119101', // Proliferative retinopathy due to type 1 diabetes mellitus
  '16749781000119101', // Proliferative retinopathy of bilateral eyes due to diabetes mellitus type 1
  '16747741000119100', // Proliferative retinopathy of left eye due to diabetes mellitus type 1
  '16748741000119101', // Proliferative retinopathy of right eye due to diabetes mellitus type 1
  '243421000119104', // Proteinuria due to type 1 diabetes mellitus
  '421893009', // Renal disorder due to type 1 diabetes mellitus
  '109171000119104', // Retinal oedema due to type 1 diabetes mellitus
  '420789003', // Retinopathy due to type 1 diabetes mellitus
  '706894000', // Retinopathy due to unstable diabetes mellitus type 1
  '82581000119105', // Rubeosis iridis due to type 1 diabetes mellitus
  '102781000119107', // Sensory neuropathy due to type 1 diabetes mellitus
  '72031000119107', // Severe malnutrition due to type 1 diabetes mellitus
  '138901000119108', // Severe nonproliferative retinopathy due to diabetes mellitus type 1
  '16747101000119101', // Severe nonproliferative retinopathy of bilateral eyes due to diabetes mellitus type 1
  '16746941000119104', // Severe nonproliferative retinopathy of left eye due to diabetes mellitus type 1
  '16747341000119101', // Severe nonproliferative retinopathy of right eye due to diabetes mellitus type 1
  '426907004', // Small vessel disease due to type 1 diabetes mellitus
  '82571000119107', // Traction detachment of retina due to type 1 diabetes mellitus
  '703137001', // Type I diabetes mellitus in remission
  '190372001', // Type I diabetes mellitus maturity onset
  '190369008', // Type I diabetes mellitus with gangrene
  '314771006', // Type I diabetes mellitus with hypoglycemic coma
  '190368000', // Type I diabetes mellitus with ulcer
  '87471000119106', // Ulcer of ankle due to type 1 diabetes mellitus
  '164881000119109', // Ulcer of foot due to type 1 diabetes mellitus
  '87491000119107', // Ulcer of forefoot due to type 1 diabetes mellitus
  '789571005', // Ulcer of heel due to type 1 diabetes mellitus
  '110141000119100', // Ulcer of lower limb due to type 1 diabetes mellitus
  '789572003', // Ulcer of midfoot due to type 1 diabetes mellitus
  '10656231000119100', // Ulcer of skin of toe due to type 1 diabetes mellitus
  '444073006', // Uncontrolled type 1 diabetes mellitus
  '104951000119106', // Vitreous haemorrhage due to type 1 diabetes mellitus
  '444074000', // Well controlled type 1 diabetes mellitus
] as const;

/** Type 2. */
export const TYPE_2_DIABETES = [
  '44054006', // Type 2 diabetes
  '313436004', // Type 2 diabetes without complication
  '237599002', // Insulin treated type 2 diabetes
  '9859006', // Acanthosis nigricans due to type 2 diabetes mellitus
  '721284006', // Acidosis due to type 2 diabetes mellitus
  '791000119109', // Angina due to type 2 diabetes mellitus
  '314903002', // Arthropathy due to type 2 diabetes mellitus
  '712883005', // Autonomic neuropathy due to type 2 diabetes mellitus
  '60951000119105', // Blindness due to type 2 diabetes mellitus
  '445353002', // Brittle type 2 diabetes mellitus
  '420756003', // Cataract of eye due to diabetes mellitus type 2
  '368591000119109', // Cheiroarthropathy due to diabetes mellitus type 2
  '771000119108', // Chronic kidney disease due to type 2 diabetes mellitus
  '751000119104', // Chronic kidney disease stage 1 due to type 2 diabetes mellitus
  '741000119101', // Chronic kidney disease stage 2 due to type 2 diabetes mellitus
  '731000119105', // Chronic kidney disease stage 3 due to type 2 diabetes mellitus
  '1332470007', // Chronic kidney disease stage 3A due to type 2 diabetes mellitus
  '1332469006', // Chronic kidney disease stage 3B due to type 2 diabetes mellitus
  '721000119107', // Chronic kidney disease stage 4 due to type 2 diabetes mellitus
  '711000119100', // Chronic kidney disease stage 5 due to type 2 diabetes mellitus
  '16891151000119103', // Coronary artery disease due to type 2 diabetes mellitus
  '87921000119104', // Cranial nerve palsy due to type 2 diabetes mellitus
  '1531000119102', // Dermopathy due to type 2 diabetes mellitus
  '359642000', // Diabetes mellitus type 2 in nonobese
  '81531005', // Diabetes mellitus type 2 in obese
  '1481000119100', // Diabetes mellitus type 2 without retinopathy
  '422014003', // Disorder due to type 2 diabetes mellitus
  '201000119106', // Disorder due to well controlled type 2 diabetes mellitus
  '422099009', // Disorder of eye due to type 2 diabetes mellitus
  '421326000', // Disorder of nervous system due to type 2 diabetes mellitus
  '761000119102', // Dyslipidemia due to type 2 diabetes mellitus
  '111231000119109', // Dyslipidemia with high density lipoprotein below reference range and triglyceride above reference range due to type 2 diabetes mellitus
  '90791000119104', // End stage renal disease on dialysis due to type 2 diabetes mellitus
  '428007007', // Erectile dysfunction due to type 2 diabetes mellitus
  '421779007', // Exudative maculopathy due to type 2 diabetes mellitus
  '421631007', // Gangrene due to type 2 diabetes mellitus
  '713703005', // Gastroparesis due to type 2 diabetes mellitus
  '41911000119107', // Glaucoma due to type 2 diabetes mellitus
  '1003605004', // Glaucoma suspect due to diabetes mellitus type 2
  '368051000119109', // Hyperglycemia due to type 2 diabetes mellitus
  '137931000119102', // Hyperlipidemia due to type 2 diabetes mellitus
  '190331003', // Hyperosmolar coma due to type 2 diabetes mellitus
  '395204000', // Hyperosmolar non-ketotic state due to type 2 diabetes mellitus
  '127991000119101', // Hypertension concurrent and due to end stage renal disease on dialysis due to type 2 diabetes mellitus
  '71421000119105', // Hypertension in chronic kidney disease due to type 2 diabetes mellitus
  '140131000119102', // Hypertension in chronic kidney disease stage 2 due to type 2 diabetes mellitus
  '140121000119100', // Hypertension in chronic kidney disease stage 3 due to type 2 diabetes mellitus
  '1332466004', // Hypertension in chronic kidney disease stage 3A due to type 2 diabetes mellitus
  '1332465000', // Hypertension in chronic kidney disease stage 3B due to type 2 diabetes mellitus
  '140111000119107', // Hypertension in chronic kidney disease stage 4 due to type 2 diabetes mellitus
  '140101000119109', // Hypertension in chronic kidney disease stage 5 due to type 2 diabetes mellitus
  '120731000119103', // Hypoglycemia due to type 2 diabetes mellitus
  '119831000119106', // Hypoglycemia unawareness due to type 2 diabetes mellitus
  '719216001', // Hypoglycemic coma due to type 2 diabetes mellitus
  '15936501000119100', // Inflammatory dermatosis due to type 2 diabetes mellitus
  '84361000119102', // Insulin reactive hypoglycemia due to type 2 diabetes mellitus
  '104961000119108', // Ischaemia of retina due to type 2 diabetes mellitus
  '140411000119101', // Ischaemic ankle ulcer due to diabetes mellitus type 2
  '140521000119107', // Ischaemic ulcer of foot due to type 2 diabetes mellitus
  '421750000', // Ketoacidosis due to type 2 diabetes mellitus
  '421847006', // Ketoacidotic coma due to type 2 diabetes mellitus
  '427027005', // Lumbosacral radiculoplexus neuropathy due to type 2 diabetes mellitus
  '97331000119101', // Macular oedema and retinopathy due to type 2 diabetes mellitus
  '769220000', // Macular oedema due to type 2 diabetes mellitus
  '237604008', // Maturity onset diabetes of the young, type 2
  '90781000119102', // Microalbuminuria due to type 2 diabetes mellitus
  '138911000119106', // Mild nonproliferative retinopathy due to type 2 diabetes mellitus
  '16745931000119102', // Mild nonproliferative retinopathy of bilateral eyes due to diabetes mellitus type 2
  '16745531000119108', // Mild nonproliferative retinopathy of left eye due to diabetes mellitus type 2
  '16745651000119101', // Mild nonproliferative retinopathy of right eye due to diabetes mellitus type 2
  '701000119103', // Mixed hyperlipidemia due to type 2 diabetes mellitus
  '138921000119104', // Moderate nonproliferative retinopathy due to type 2 diabetes mellitus
  '16746341000119103', // Moderate nonproliferative retinopathy of bilateral eyes due to diabetes mellitus type 2
  '16746131000119105', // Moderate nonproliferative retinopathy of left eye due to diabetes mellitus type 2
  '16746261000119108', // Moderate nonproliferative retinopathy of right eye due to diabetes mellitus type 2
  '420436000', // Mononeuropathy due to type 2 diabetes mellitus
  '1196922005', // Neovascular glaucoma due to diabetes mellitus type 2
  '71441000119104', // Nephrotic syndrome due to type 2 diabetes mellitus
  '128201000119100', // Neurogenic erectile dysfunction due to diabetes mellitus type 2
  '140421000119108', // Neuropathic ankle ulcer due to diabetes mellitus type 2
  '781000119106', // Neuropathic arthropathy due to type 2 diabetes mellitus
  '140531000119105', // Neuropathic ulcer of foot due to type 2 diabetes mellitus
  '789569005', // Neuropathic ulcer of heel due to type 2 diabetes mellitus
  '789570006', // Neuropathic ulcer of midfoot due to type 2 diabetes mellitus
  '140381000119104', // Neuropathic ulcer of toe due to type 2 diabetes mellitus
  '368581000119106', // Neuropathy due to type 2 diabetes mellitus
  '1551000119108', // Nonproliferative retinopathy due to type 2 diabetes mellitus
  '16747661000119109', // Nonproliferative retinopathy of bilateral eyes due to diabetes mellitus type 2
  '16745131000119100', // Nonproliferative retinopathy of left eye due to diabetes mellitus type 2
  '16745051000119107', // Nonproliferative retinopathy of right eye due to diabetes mellitus type 2
  '72061000119104', // Osteomyelitis due to type 2 diabetes mellitus
  '368101000119109', // Periodontal disease due to diabetes mellitus type 2
  '314902007', // Peripheral angiopathy due to type 2 diabetes mellitus
  '422166005', // Peripheral circulatory disorder due to type 2 diabetes mellitus
  '1511000119107', // Peripheral neuropathy due to type 2 diabetes mellitus
  '110181000119105', // Peripheral sensory neuropathy due to type 2 diabetes mellitus
  '420715001', // Persistent microalbuminuria due to type 2 diabetes mellitus
  '421986006', // Persistent proteinuria due to type 2 diabetes mellitus
  '713706002', // Polyneuropathy due to type 2 diabetes mellitus
  '199230006', // Pre-existing type 2 diabetes mellitus
  '609567009', // Pre-existing type 2 diabetes mellitus in pregnancy
  '237627000', // Pregnancy and type 2 diabetes mellitus
  '1501000119109', // Proliferative retinopathy due to type 2 diabetes mellitus
  '16748141000119100', // Proliferative retinopathy of bilateral eyes due to diabetes mellitus type 2
  '16747901000119104', // Proliferative retinopathy of left eye due to diabetes mellitus type 2
  '16749661000119102', // Proliferative retinopathy of right eye due to diabetes mellitus type 2
  '97341000119105', // Proliferative retinopathy with retinal oedema due to type 2 diabetes mellitus
  '157141000119108', // Proteinuria due to type 2 diabetes mellitus
  '420279001', // Renal disorder due to type 2 diabetes mellitus
  '28331000119107', // Retinal oedema due to type 2 diabetes mellitus
  '422034002', // Retinopathy due to type 2 diabetes mellitus
  '82551000119103', // Rubeosis iridis due to type 2 diabetes mellitus
  '72051000119101', // Severe malnutrition due to type 2 diabetes mellitus
  '138941000119105', // Severe nonproliferative retinopathy due to diabetes mellitus type 2
  '16747021000119109', // Severe nonproliferative retinopathy of bilateral eyes due to diabetes mellitus type 2
  '16746901000119101', // Severe nonproliferative retinopathy of left eye due to diabetes mellitus type 2
  '16747141000119104', // Severe nonproliferative retinopathy of right eye due to diabetes mellitus type 2
  '427134009', // Small vessel disease due to type 2 diabetes mellitus
  '97621000119107', // Stasis ulcer due to type 2 diabetes mellitus
  '82541000119100', // Traction detachment of retina due to type 2 diabetes mellitus
  '164971000119101', // Type 2 diabetes mellitus controlled by diet
  '703138006', // Type II diabetes mellitus in remission
  '314904008', // Type II diabetes mellitus with neuropathic arthropathy
  '190389009', // Type II diabetes mellitus with ulcer
  '87441000119104', // Ulcer of ankle due to type 2 diabetes mellitus
  '1521000119100', // Ulcer of foot due to type 2 diabetes mellitus
  '87461000119100', // Ulcer of forefoot due to type 2 diabetes mellitus
  '789567007', // Ulcer of heel due to type 2 diabetes mellitus
  '10660471000119109', // Ulcer of left foot due to type 2 diabetes mellitus
  '110171000119107', // Ulcer of lower limb due to type 2 diabetes mellitus
  '10661671000119102', // Ulcer of right foot due to type 2 diabetes mellitus
  '102621000119101', // Ulcer of skin due to type 2 diabetes mellitus
  '10656271000119102', // Ulcer of skin of toe due to type 2 diabetes mellitus
  '140391000119101', // Ulcer of toe due to type 2 diabetes mellitus
  '443694000', // Uncontrolled type 2 diabetes mellitus
  '1491000119102', // Vitreous haemorrhage due to type 2 diabetes mellitus
  '444110003', // Well controlled type 2 diabetes mellitus
] as const;

/** Of another type, or of one that was not said. */
export const OTHER_DIABETES = [
  '73211009', // Diabetes mellitus
  '8801005', // Secondary diabetes
  '111552007', // Diabetes without complication
  '237620003', // Abnormal metabolic state due to diabetes mellitus
  '735200002', // Absence of lower limb due to diabetes mellitus
  '762489000', // Acute complication due to diabetes mellitus
  '193183000', // Acute painful neuropathy due to diabetes mellitus
  '230574001', // Acute painful polyneuropathy due to diabetes mellitus
  '193350004', // Advanced maculopathy due to diabetes mellitus
  '311782002', // Advanced retinal disease due to diabetes mellitus
  '82980005', // Anemia due to diabetes mellitus
  '792926007', // Armanni-Ebstein kidney due to diabetes mellitus
  '230576004', // Asymmetric polyneuropathy due to diabetes mellitus
  '79554005', // Asymmetric proximal motor neuropathy due to diabetes mellitus
  '193185007', // Asymptomatic neuropathy due to diabetes mellitus
  '530558861000132104', // Atypical diabetes mellitus
  '50620007', // Autonomic neuropathy due to diabetes mellitus
  '11530004', // Brittle diabetes mellitus
  '48951005', // Bullous disease due to diabetes mellitus
  '788878000', // Cardiomyopathy due to diabetes mellitus
  '768794008', // Cataract of bilateral eyes due to diabetes mellitus
  '43959009', // Cataract of eye due to diabetes mellitus
  '768793002', // Cataract of left eye due to diabetes mellitus
  '768792007', // Cataract of right eye due to diabetes mellitus
  '200687002', // Cellulitis of foot due to diabetes mellitus
  '871778008', // Centrally involved macular oedema due to diabetes mellitus
  '770094004', // Cervical radiculoplexus neuropathy due to diabetes mellitus
  '201723002', // Cheiroarthropathy due to diabetes mellitus
  '193184006', // Chronic painful neuropathy due to diabetes mellitus
  '230575000', // Chronic painful polyneuropathy due to diabetes mellitus
  '860980004', // Chronic ulcer of left foot due to diabetes mellitus
  '860979002', // Chronic ulcer of right foot due to diabetes mellitus
  '770097006', // Clinically significant macular oedema due to diabetes mellitus
  '769222008', // Clinically significant macular oedema of left eye due to diabetes mellitus
  '769221001', // Clinically significant macular oedema of right eye due to diabetes mellitus
  '420662003', // Coma due to diabetes mellitus
  '420996007', // Coma due to malnutrition-related diabetes mellitus
  '74627003', // Complication due to diabetes mellitus
  '770095003', // Cranial nerve palsy due to diabetes mellitus
  '870421009', // Cystoid macular oedema due to diabetes mellitus
  '238982009', // Dermopathy due to diabetes mellitus
  '199223000', // Diabetes mellitus during pregnancy, childbirth and the puerperium
  '10754881000119104', // Diabetes mellitus in mother complicating childbirth
  '76751001', // Diabetes mellitus in mother complicating pregnancy, childbirth or puerperium
  '703136005', // Diabetes mellitus in remission
  '38205001', // Diarrhoea due to diabetes mellitus
  '314010006', // Diffuse exudative maculopathy due to diabetes mellitus
  '38046004', // Diffuse glomerulosclerosis of kidney due to diabetes mellitus
  '1172389004', // Disorder due to malnutrition related diabetes mellitus
  '25093002', // Disorder of eye due to diabetes mellitus
  '421256007', // Disorder of eye due to malnutrition related diabetes mellitus
  '127013003', // Disorder of kidney due to diabetes mellitus
  '769245002', // Disorder of left macula due to diabetes mellitus
  '232020009', // Disorder of macula due to diabetes mellitus
  '860721006', // Disorder of macula of bilateral eyes due to diabetes mellitus
  '422088007', // Disorder of nervous system due to diabetes mellitus
  '420683009', // Disorder of nervous system due to malnutrition related diabetes mellitus
  '769244003', // Disorder of right macula due to diabetes mellitus
  '1251386008', // Disorder of skin due to diabetes mellitus
  '238981002', // Disorder of soft tissue due to diabetes mellitus
  '770096002', // Erectile dysfunction due to diabetes mellitus
  '361216007', // Femoral mononeuropathy due to diabetes mellitus
  '314011005', // Focal exudative maculopathy due to diabetes mellitus
  '422275004', // Gangrene due to diabetes mellitus
  '713704004', // Gastroparesis due to diabetes mellitus
  '860883001', // Generalized autonomic neuropathy due to diabetes mellitus
  '716362006', // Gingival disease co-occurrent with diabetes mellitus
  '709147009', // Gingivitis co-occurrent with diabetes mellitus
  '860798008', // Glaucoma due to diabetes mellitus
  '425455002', // Glomerulonephritis due to diabetes mellitus
  '309426007', // Glomerulopathy due to diabetes mellitus
  '707221002', // Glomerulosclerosis of kidney due to diabetes mellitus
  '312907002', // High risk proliferative retinopathy due to diabetes mellitus
  '399869005', // High risk proliferative retinopathy not amenable to photocoagulation due to diabetes mellitus
  '399874002', // High risk proliferative retinopathy with clinically significant macula oedema due to diabetes mellitus
  '399862001', // High risk proliferative retinopathy without macular oedema due to diabetes mellitus
  '822995009', // Hyperglycemia due to diabetes mellitus
  '441656006', // Hyperglycemic crisis due to diabetes mellitus
  '422126006', // Hyperosmolar coma due to diabetes mellitus
  '735537007', // Hyperosmolar hyperglycemic coma due to diabetes mellitus without ketoacidosis
  '310505005', // Hyperosmolar non-ketotic state due to diabetes mellitus
  '237633009', // Hypoglycemia due to diabetes mellitus
  '421725003', // Hypoglycemic coma due to diabetes mellitus
  '419100001', // Infection of foot due to diabetes mellitus
  '310387003', // Intracapillary glomerulosclerosis of kidney due to diabetes mellitus
  '399868002', // Intraretinal microvascular anomaly due to diabetes mellitus
  '193489006', // Iritis due to diabetes mellitus
  '768799003', // Iritis of bilateral eyes due to diabetes mellitus
  '768798006', // Iritis of left eye due to diabetes mellitus
  '768797001', // Iritis of right eye due to diabetes mellitus
  '770324004', // Ischaemia of retina due to diabetes mellitus
  '314014002', // Ischaemic maculopathy due to diabetes mellitus
  '201250006', // Ischaemic ulcer of foot due to diabetes mellitus
  '420422005', // Ketoacidosis due to diabetes mellitus
  '190406000', // Ketoacidosis due to malnutrition related diabetes mellitus
  '111556005', // Ketoacidosis without coma due to diabetes mellitus
  '26298008', // Ketoacidotic coma due to diabetes mellitus
  '890171006', // Ketosis-prone diabetes mellitus
  '1217044000', // Ketosis-resistant diabetes mellitus
  '735538002', // Lactic acidosis due to diabetes mellitus
  '1259048007', // Lesion of brachial plexus due to diabetes mellitus
  '724876003', // Lesion of skin due to diabetes mellitus
  '127012008', // Lipoatrophic diabetes
  '170766006', // Loss of hypoglycemic warning due to diabetes mellitus
  '39058009', // Lumbosacral radiculoplexus neuropathy due to diabetes mellitus
  '445170001', // Macroalbuminuric nephropathy due to diabetes mellitus
  '312912001', // Macular oedema due to diabetes mellitus
  '399864000', // Macular oedema not clinically significant due to diabetes mellitus
  '769218003', // Macular oedema of left eye due to diabetes mellitus
  '769217008', // Macular oedema of right eye due to diabetes mellitus
  '724136006', // Mastopathy due to diabetes mellitus
  '609561005', // Maturity-onset diabetes of the young
  '609577006', // Maturity-onset diabetes of the young, type 10
  '609578001', // Maturity-onset diabetes of the young, type 11
  '609570008', // Maturity-onset diabetes of the young, type 3
  '609571007', // Maturity-onset diabetes of the young, type 4
  '609572000', // Maturity-onset diabetes of the young, type 5
  '609573005', // Maturity-onset diabetes of the young, type 6
  '609574004', // Maturity-onset diabetes of the young, type 7
  '609575003', // Maturity-onset diabetes of the young, type 8
  '609576002', // Maturity-onset diabetes of the young, type 9
  '735539005', // Metabolic acidosis due to diabetes mellitus
  '236499007', // Microalbuminuric nephropathy due to diabetes mellitus
  '770582001', // Microaneurysm of left retinal artery due to diabetes mellitus
  '25412000', // Microaneurysm of retinal artery due to diabetes mellitus
  '770581008', // Microaneurysm of right retinal artery due to diabetes mellitus
  '312903003', // Mild nonproliferative retinopathy due to diabetes mellitus
  '769184004', // Mild nonproliferative retinopathy of left eye due to diabetes mellitus
  '769183005', // Mild nonproliferative retinopathy of right eye due to diabetes mellitus
  '314015001', // Mixed maculopathy due to diabetes mellitus
  '126534007', // Mixed sensorimotor polyneuropathy due to diabetes mellitus
  '312904009', // Moderate nonproliferative retinopathy due to diabetes mellitus
  '769186002', // Moderate nonproliferative retinopathy of left eye due to diabetes mellitus
  '769185003', // Moderate nonproliferative retinopathy of right eye due to diabetes mellitus
  '193141005', // Mononeuritis multiplex due to diabetes mellitus
  '230577008', // Mononeuropathy due to diabetes mellitus
  '35777006', // Mononeuropathy multiplex due to diabetes mellitus
  '81830002', // Mononeuropathy simplex due to diabetes mellitus
  '126535008', // Motor polyneuropathy due to diabetes mellitus
  '713457002', // Neovascular glaucoma due to diabetes mellitus
  '197605007', // Nephrotic syndrome due to diabetes mellitus
  '201724008', // Neuropathic arthropathy due to diabetes mellitus
  '201251005', // Neuropathic ulcer of foot due to diabetes mellitus
  '230572002', // Neuropathy due to diabetes mellitus
  '359611005', // Neuropathy with neurologic complication due to diabetes mellitus
  '1217674007', // Neurotrophic keratitis due to diabetes mellitus
  '405749004', // Newly diagnosed diabetes
  '237635002', // Nocturnal hypoglycemia due to diabetes mellitus
  '63510008', // Nodular glomerulosclerosis of kidney due to diabetes mellitus
  '871781003', // Non centrally involved macular oedema due to diabetes mellitus
  '312906006', // Non-high-risk proliferative retinopathy due to diabetes mellitus
  '399875001', // Non-high-risk proliferative retinopathy with clinically significant macular oedema due to diabetes mellitus
  '399870006', // Non-high-risk proliferative retinopathy with no macular oedema due to diabetes mellitus
  '421966007', // Non-ketotic non-hyperosmolar coma due to diabetes mellitus
  '390834004', // Nonproliferative retinopathy due to diabetes mellitus
  '816177009', // Nonproliferative retinopathy of left eye due to diabetes mellitus
  '816178004', // Nonproliferative retinopathy of right eye due to diabetes mellitus
  '427943001', // Ophthalmoplegia due to diabetes mellitus
  '314537004', // Optic papillopathy due to diabetes mellitus
  '127014009', // Peripheral angiopathy due to diabetes mellitus
  '1144894004', // Peripheral autonomic neuropathy due to diabetes mellitus
  '424736006', // Peripheral neuropathy due to diabetes mellitus
  '421895002', // Peripheral vascular disorder due to diabetes mellitus
  '870529009', // Persistent macular oedema due to diabetes mellitus
  '49455004', // Polyneuropathy due to diabetes mellitus
  '398140007', // Post hypoglycemic hyperglycemia due to diabetes mellitus
  '106281000119103', // Pre-existing diabetes mellitus in mother complicating childbirth
  '609563008', // Pre-existing diabetes mellitus in pregnancy
  '193349004', // Preproliferative retinopathy due to diabetes mellitus
  '769182000', // Preproliferative retinopathy of left eye due to diabetes mellitus
  '769181007', // Preproliferative retinopathy of right eye due to diabetes mellitus
  '62260007', // Pretibial pigmental patches due to diabetes mellitus
  '59276001', // Proliferative retinopathy due to diabetes mellitus
  '103981000119101', // Proliferative retinopathy following surgery due to diabetes mellitus
  '770766000', // Proliferative retinopathy of left eye due to diabetes mellitus
  '770765001', // Proliferative retinopathy of right eye due to diabetes mellitus
  '312909004', // Proliferative retinopathy with iris neovascularization due to diabetes mellitus
  '232022001', // Proliferative retinopathy with neovascularization elsewhere than the optic disc due to diabetes mellitus
  '232021008', // Proliferative retinopathy with optic disc neovascularization due to diabetes mellitus
  '236500003', // Proteinuric nephropathy due to diabetes mellitus
  '19378003', // Pseudotabes due to diabetes mellitus
  '312908007', // Quiescent proliferative retinopathy due to diabetes mellitus
  '39181008', // Radiculoplexus neuropathy due to diabetes mellitus
  '723074006', // Renal papillary necrosis due to diabetes mellitus
  '770323005', // Retinal oedema due to diabetes mellitus
  '4855003', // Retinopathy due to diabetes mellitus
  '238984005', // Rubeosis faciei due to diabetes mellitus
  '127011001', // Sensory neuropathy due to diabetes mellitus
  '789585000', // Sensory polyneuropathy due to diabetes mellitus
  '237621004', // Severe hyperglycemia due to diabetes mellitus
  '312905005', // Severe nonproliferative retinopathy due to diabetes mellitus
  '769188001', // Severe nonproliferative retinopathy of left eye due to diabetes mellitus
  '769187006', // Severe nonproliferative retinopathy of right eye due to diabetes mellitus
  '399872003', // Severe nonproliferative retinopathy with clinically significant macular oedema due to diabetes mellitus
  '870420005', // Severe nonproliferative retinopathy with venous beading of retina due to diabetes mellitus
  '399873008', // Severe nonproliferative retinopathy without macular oedema due to diabetes mellitus
  '422183001', // Skin ulcer due to diabetes mellitus
  '1306699009', // Stable treated proliferative retinopathy due to diabetes mellitus
  '1306700005', // Stable treated proliferative retinopathy of bilateral eyes due to diabetes mellitus
  '816962002', // Stable treated proliferative retinopathy of left eye due to diabetes mellitus
  '816961009', // Stable treated proliferative retinopathy of right eye due to diabetes mellitus
  '39127005', // Symmetric proximal motor neuropathy due to diabetes mellitus
  '238983004', // Thick skin syndrome due to diabetes mellitus
  '230579006', // Thoracic radiculopathy due to diabetes mellitus
  '232023006', // Traction detachment of retina due to diabetes mellitus
  '371087003', // Ulcer of foot due to diabetes mellitus
  '789562001', // Ulcer of heel due to diabetes mellitus
  '860978005', // Ulcer of left foot due to diabetes mellitus
  '789568002', // Ulcer of midfoot due to diabetes mellitus
  '860977000', // Ulcer of right foot due to diabetes mellitus
  '770600002', // Venous beading of left retina due to diabetes mellitus
  '399866003', // Venous beading of retina due to diabetes mellitus
  '770599000', // Venous beading of right retina due to diabetes mellitus
  '399876000', // Very severe nonproliferative retinopathy due to diabetes mellitus
  '769191001', // Very severe nonproliferative retinopathy of left eye due to diabetes mellitus
  '769190000', // Very severe nonproliferative retinopathy of right eye due to diabetes mellitus
  '399877009', // Very severe nonproliferative retinopathy with clinically significant macular oedema due to diabetes mellitus
  '399863006', // Very severe nonproliferative retinopathy without macular oedema due to diabetes mellitus
  '399865004', // Very severe proliferative retinopathy due to diabetes mellitus
  '399871005', // Visually threatening retinopathy due to diabetes mellitus
  '312910009', // Vitreous haemorrhage due to diabetes mellitus
  '770362001', // Vitreous haemorrhage of left eye due to diabetes mellitus
  '770361008', // Vitreous haemorrhage of right eye due to diabetes mellitus
  '402864004', // Wet gangrene of foot due to diabetes mellitus
] as const;
