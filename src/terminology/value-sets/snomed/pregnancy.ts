// SNOMED CT: a woman is pregnant. Descendants are listed, as there is no hierarchy here; `.ci/steps/48-code-lists` compares the list with a second source.

/** Each ends with the pregnancy. */
export const PREGNANCY = [
  '77386006', // Pregnant
  '47200007', // High risk pregnancy
  '72892002', // Normal pregnancy
  '16356006', // Multiple pregnancy
  '82661006', // Abdominal pregnancy
  '11082009', // Abnormal pregnancy
  '41991004', // Angiectasis pregnancy
  '198627000', // Angular pregnancy
  '79290002', // Cervical pregnancy
  '31601007', // Combined pregnancy
  '237233002', // Concealed pregnancy
  '199306007', // Continuing pregnancy after abortion of one fetus or more
  '472321009', // Continuing pregnancy after intrauterine death of one twin with intrauterine retention of dead twin
  '429187001', // Continuing pregnancy after intrauterine death of twin fetus
  '36801000119105', // Continuing triplet pregnancy after spontaneous abortion of one or more fetuses
  '169488004', // Contraceptive intrauterine device failure - pregnant
  '87605005', // Cornual pregnancy
  '713575004', // Dizygotic twin pregnancy
  '314204000', // Early stage of pregnancy
  '15938005', // Eclampsia
  '34801009', // Ectopic pregnancy
  '16836261000119107', // Ectopic pregnancy of left ovary
  '16836351000119100', // Ectopic pregnancy of right ovary
  '29399001', // Elderly primigravida
  '9279009', // Extra-amniotic pregnancy
  '45307008', // Extrachorial pregnancy
  '57630001', // First trimester pregnancy
  '11687002', // Gestational diabetes mellitus
  '199715003', // Grand multiparity with antenatal problem
  '444661007', // High risk pregnancy due to history of preterm labor
  '134781000119106', // High risk pregnancy due to recurrent miscarriage
  '14080002', // Illegitimate pregnancy, life event
  '10231000132102', // In-vitro fertilization pregnancy
  '35656003', // Intraligamentous pregnancy
  '786067000', // Intramural ectopic pregnancy of myometrium
  '17285009', // Intraperitoneal pregnancy
  '65727000', // Intrauterine pregnancy
  '237239003', // Low risk pregnancy
  '198624007', // Membranous pregnancy
  '198626009', // Mesenteric pregnancy
  '60000008', // Mesometric pregnancy
  '41114007', // Mild pre-eclampsia
  '44782008', // Molar pregnancy
  '459170001', // Monochorionic diamniotic twin pregnancy with dissimilar amniotic fluid volumes
  '459169002', // Monochorionic diamniotic twin pregnancy with similar amniotic fluid volumes
  '459167000', // Monochorionic twin pregnancy
  '713576003', // Monozygotic twin pregnancy
  '442478007', // Multiple pregnancy involving intrauterine pregnancy and tubal pregnancy
  '237242009', // Non-viable pregnancy
  '457821000124106', // Normal pregnancy in multigravida
  '457811000124103', // Normal pregnancy in primigravida
  '9899009', // Ovarian pregnancy
  '199064003', // Post-term pregnancy - not delivered
  '22281000119101', // Post-term pregnancy of 40 to 42 weeks
  '398254007', // Pre-eclampsia
  '14418008', // Precocious pregnancy
  '239101008', // Pregnancy eruption
  '16836391000119105', // Pregnancy of left fallopian tube
  '16836891000119104', // Pregnancy of right fallopian tube
  '102872000', // Pregnancy on oral contraceptive
  '169567006', // Pregnancy unplanned and unwanted
  '169566002', // Pregnancy unplanned but wanted
  '567941000005109', // Pregnancy with certain dates
  '237238006', // Pregnancy with uncertain dates
  '48194001', // Pregnancy-induced hypertension
  '169561007', // Pregnant - blood test confirms
  '169564004', // Pregnant - on abdominal palpation
  '169563005', // Pregnant - on history
  '169565003', // Pregnant - planned
  '169560008', // Pregnant - urine test confirms
  '169562000', // Pregnant - vaginal examination confirms
  '255409004', // Pregnant woman
  '248985009', // Presentation of pregnancy
  '127364007', // Primigravida
  '90968009', // Prolonged pregnancy
  '60810003', // Quadruplet pregnancy
  '35381000119101', // Quadruplet pregnancy with loss of one or more fetuses
  '80997009', // Quintuplet pregnancy
  '59466002', // Second trimester pregnancy
  '276881003', // Secondary abdominal pregnancy
  '38720006', // Septuplet pregnancy
  '46764007', // Severe pre-eclampsia
  '43990006', // Sextuplet pregnancy
  '237244005', // Single pregnancy
  '1290152008', // Singleton pregnancy
  '102875003', // Surrogate pregnancy
  '237240001', // Teenage pregnancy
  '87527008', // Term pregnancy
  '41587001', // Third trimester pregnancy
  '64254006', // Triplet pregnancy
  '79586000', // Tubal pregnancy
  '65147003', // Twin pregnancy
  '281307002', // Uncertain viability of pregnancy
  '83074005', // Unplanned pregnancy
  '169568001', // Unplanned pregnancy unknown if child is wanted
  '237254009', // Unruptured tubal pregnancy
  '58532003', // Unwanted pregnancy
  '237241002', // Viable pregnancy
  '276367008', // Wanted pregnancy
] as const;
