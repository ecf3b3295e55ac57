// SNOMED CT: atrial fibrillation, heart failure, hypertension. Descendants are listed, as there is no hierarchy here; `.ci/steps/48-code-lists` compares the list with a second source.

/** Atrial fibrillation and flutter. */
export const ATRIAL_FIBRILLATION = [
  '49436004', // Atrial fibrillation
  '282825002', // Paroxysmal atrial fibrillation
  '440059007', // Persistent atrial fibrillation
  '440028005', // Permanent atrial fibrillation
  '426749004', // Chronic atrial fibrillation
  '5370000', // Atrial flutter
  '313377641000119105', // Atrial fibrillation due to heart valve disorder
  '120041000119109', // Atrial fibrillation with rapid ventricular response
  '15964901000119107', // Atypical atrial flutter
  '425615007', // Chronic atrial flutter
  '300996004', // Controlled atrial fibrillation
  '715395008', // Familial atrial fibrillation
  '312442005', // History of atrial fibrillation
  '428076002', // History of atrial flutter
  '233910005', // Lone atrial fibrillation
  '706923002', // Longstanding persistent atrial fibrillation
  '233911009', // Non-rheumatic atrial fibrillation
  '467643831000119105', // Paroxysmal atrial fibrillation due to heart valve disorder
  '1010405004', // Paroxysmal atrial fibrillation with rapid ventricular response
  '427665004', // Paroxysmal atrial flutter
  '280797561000119107', // Permanent atrial fibrillation due to heart valve disorder
  '489609371000119104', // Persistent atrial fibrillation due to heart valve disorder
  '762247006', // Preexcited atrial fibrillation
  '314208002', // Rapid atrial fibrillation
  '426814001', // Transient cerebral ischaemia due to atrial fibrillation
  '720448006', // Typical atrial flutter
] as const;

/** Heart failure. */
export const HEART_FAILURE = [
  '84114007', // Heart failure
  '42343007', // Congestive heart failure
  '48447003', // Chronic heart failure
  '88805009', // Chronic congestive heart failure
  '56675007', // Acute heart failure
  '85232009', // Left heart failure
  '417996009', // Systolic heart failure
  '418304008', // Diastolic heart failure
  '153931000119109', // Acute combined systolic and diastolic heart failure
  '10633002', // Acute congestive heart failure
  '443343001', // Acute diastolic heart failure
  '195114002', // Acute left ventricular failure
  '74960003', // Acute left-sided congestive heart failure
  '364006', // Acute left-sided heart failure
  '153951000119103', // Acute on chronic combined systolic and diastolic heart failure
  '443344007', // Acute on chronic diastolic heart failure
  '443253003', // Acute on chronic systolic heart failure
  '443254009', // Acute systolic heart failure
  '194767001', // Benign hypertensive heart disease with congestive cardiac failure
  '92506005', // Biventricular congestive heart failure
  '410431009', // Cardiorespiratory failure
  '153941000119100', // Chronic combined systolic and diastolic heart failure
  '441530006', // Chronic diastolic heart failure
  '5375005', // Chronic left-sided congestive heart failure
  '111283005', // Chronic left-sided heart failure
  '441481004', // Chronic systolic heart failure
  '195112003', // Compensated cardiac failure
  '206586007', // Congenital cardiac failure
  '72481000119103', // Congestive heart failure as early postoperative complication
  '101281000119107', // Congestive heart failure due to cardiomyopathy
  '426263006', // Congestive heart failure due to left ventricular systolic dysfunction
  '426611007', // Congestive heart failure due to valvular disease
  '717840005', // Congestive heart failure stage B
  '15629591000119103', // Congestive heart failure stage B due to ischaemic cardiomyopathy
  '67441000119101', // Congestive heart failure stage C
  '15629541000119106', // Congestive heart failure stage C due to ischaemic cardiomyopathy
  '67431000119105', // Congestive heart failure stage D
  '23341000119109', // Congestive heart failure with right heart failure
  '82523003', // Congestive rheumatic heart failure
  '195111005', // Decompensated cardiac failure
  '424404003', // Decompensated chronic heart failure
  '120901000119108', // Diastolic heart failure stage B
  '120891000119109', // Diastolic heart failure stage C
  '120881000119106', // Diastolic heart failure stage D
  '233924009', // Heart failure as a complication of care
  '471880001', // Heart failure due to end stage congenital heart disease
  '703272007', // Heart failure with reduced ejection fraction
  '703275009', // Heart failure with reduced ejection fraction due to cardiomyopathy
  '703273002', // Heart failure with reduced ejection fraction due to coronary artery disease
  '703276005', // Heart failure with reduced ejection fraction due to heart valve disease
  '703274008', // Heart failure with reduced ejection fraction due to myocarditis
  '10091002', // High output heart failure
  '15781000119107', // Hypertensive heart AND chronic kidney disease with congestive heart failure
  '194779001', // Hypertensive heart and renal disease with (congestive) heart failure
  '194781004', // Hypertensive heart and renal disease with both (congestive) heart failure and renal failure
  '5148006', // Hypertensive heart disease with congestive heart failure
  '46113002', // Hypertensive heart failure
  '1204206001', // Left ventricular failure with normal ejection fraction due to cardiomyopathy
  '1204203009', // Left ventricular failure with normal ejection fraction due to coronary arteriosclerosis
  '1204204003', // Left ventricular failure with normal ejection fraction due to myocarditis
  '1204200007', // Left ventricular failure with normal ejection fraction due to valvular heart disease
  '1204462004', // Left ventricular failure with sepsis
  '44088000', // Low cardiac output syndrome
  '25544003', // Low output heart failure
  '871617000', // Low output heart failure due to and following Fontan operation
  '83105008', // Malignant hypertensive heart disease with congestive heart failure
  '90727007', // Pleural effusion due to congestive heart failure
  '314206003', // Refractory heart failure
  '43736008', // Rheumatic left ventricular failure
  '44313006', // Right heart failure secondary to left heart failure
  '698594003', // Symptomatic congestive heart failure
  '120871000119108', // Systolic heart failure stage B
  '15629641000119107', // Systolic heart failure stage B due to ischaemic cardiomyopathy
  '120861000119102', // Systolic heart failure stage C
  '15629741000119102', // Systolic heart failure stage C due to ischaemic cardiomyopathy
  '120851000119104', // Systolic heart failure stage D
] as const;

/** Hypertension. */
export const HYPERTENSION = [
  '38341003', // Hypertensive disorder
  '59621000', // Essential hypertension
  '31992008', // Secondary hypertension
  '56218007', // Systolic hypertension
  '48146000', // Diastolic hypertension
  '1201005', // Benign essential hypertension
  '78975002', // Malignant essential hypertension
  '64715009', // Hypertensive heart disease
  '71874008', // Benign essential hypertension complicating or reason for care during childbirth
  '23717007', // Benign essential hypertension complicating or reason for care during pregnancy
  '35303009', // Benign essential hypertension complicating or reason for care during puerperium
  '63287004', // Benign essential hypertension in obstetric context
  '10725009', // Benign hypertension
  '762463000', // Diastolic hypertension co-occurrent with systolic hypertension
  '18416000', // Essential hypertension complicating or reason for care during childbirth
  '78808002', // Essential hypertension complicating or reason for care during pregnancy
  '9901000', // Essential hypertension complicating or reason for care during puerperium
  '72022006', // Essential hypertension in obstetric context
  '19769006', // High-renin essential hypertension
  '65518004', // Labile diastolic hypertension
  '371125006', // Labile essential hypertension
  '276789009', // Labile hypertension
  '46481004', // Low-renin essential hypertension
  '1078301000112109', // Multiple drug intolerant hypertension
  '40511000119107', // Postpartum pre-existing essential hypertension
  '461301000124109', // Resistant hypertensive disorder
  '59720008', // Sustained diastolic hypertension
  '429457004', // Systolic essential hypertension
] as const;
