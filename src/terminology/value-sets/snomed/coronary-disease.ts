// SNOMED CT: heart attack, other coronary disease, and what only a coronary disease is treated with. Descendants are listed, as there is no hierarchy here; `.ci/steps/48-code-lists` compares the list with a second source.

/** Myocardial infarction of now. */
export const ACUTE_INFARCTION = [
  '22298006', // Myocardial infarction
  '57054005', // Acute myocardial infarction
  '401303003', // Acute ST segment elevation myocardial infarction
  '401314000', // Acute non-ST segment elevation myocardial infarction
  '304914007', // Acute Q wave myocardial infarction
  '54329005', // Acute myocardial infarction of anterior wall
  '73795002', // Acute myocardial infarction of inferior wall
  '58612006', // Acute myocardial infarction of lateral wall
  '52035003', // Acute anteroapical myocardial infarction
  '62695002', // Acute anteroseptal myocardial infarction
  '70422006', // Acute subendocardial infarction
  '394710008', // First myocardial infarction
  '1204155000', // Acute anterior non-ST segment elevation myocardial infarction
  '1204154001', // Acute anterior non-ST segment elevation myocardial infarction with right ventricular involvement
  '194809007', // Acute atrial infarction
  '10273003', // Acute infarction of papillary muscle
  '1204152002', // Acute inferior non-ST segment elevation myocardial infarction
  '1204151009', // Acute inferior non-ST segment elevation myocardial infarction of right ventricle
  '896689003', // Acute myocardial infarction due to occlusion of circumflex branch of left coronary artery
  '703212004', // Acute myocardial infarction during procedure
  '703252002', // Acute myocardial infarction of anterior wall involving right ventricle
  '70211005', // Acute myocardial infarction of anterolateral wall
  '836294006', // Acute myocardial infarction of apex of heart
  '70998009', // Acute myocardial infarction of basal inferior segment of left ventricle
  '703251009', // Acute myocardial infarction of inferior wall involving right ventricle
  '65547006', // Acute myocardial infarction of inferolateral wall
  '836295007', // Acute myocardial infarction of inferolateral wall with posterior extension
  '76593002', // Acute myocardial infarction of inferoposterior wall
  '15990001', // Acute myocardial infarction of posterolateral wall
  '836293000', // Acute myocardial infarction of right ventricle
  '79009004', // Acute myocardial infarction of septum
  '307140009', // Acute non-Q wave infarction
  '1204222000', // Acute non-ST segment elevation myocardial infarction of right ventricle
  '233838001', // Acute posterior myocardial infarction
  '840609007', // Acute ST segment elevation myocardial infarction due to occlusion of anterior descending branch of left coronary artery
  '896691006', // Acute ST segment elevation myocardial infarction due to occlusion of circumflex branch of left coronary artery
  '840316004', // Acute ST segment elevation myocardial infarction due to occlusion of distal portion of anterior descending branch of left coronary artery
  '44811000087108', // Acute ST segment elevation myocardial infarction due to occlusion of distal portion of circumflex branch of left coronary artery
  '840312002', // Acute ST segment elevation myocardial infarction due to occlusion of mid portion of anterior descending branch of left coronary artery
  '44821000087100', // Acute ST segment elevation myocardial infarction due to occlusion of mid portion of circumflex branch of left coronary artery
  '44831000087103', // Acute ST segment elevation myocardial infarction due to occlusion of obtuse marginal branch of circumflex branch of left coronary artery
  '44841000087109', // Acute ST segment elevation myocardial infarction due to occlusion of posterior lateral branch of circumflex branch of left coronary artery
  '840309000', // Acute ST segment elevation myocardial infarction due to occlusion of proximal portion of anterior descending branch of left coronary artery
  '44851000087107', // Acute ST segment elevation myocardial infarction due to occlusion of proximal portion of circumflex branch of left coronary artery
  '840680009', // Acute ST segment elevation myocardial infarction due to occlusion of septal branch of anterior descending branch of left coronary artery
  '703164000', // Acute ST segment elevation myocardial infarction of anterior wall
  '703165004', // Acute ST segment elevation myocardial infarction of anterior wall involving right ventricle
  '896696001', // Acute ST segment elevation myocardial infarction of apex of heart
  '15713001000119100', // Acute ST segment elevation myocardial infarction of atrium
  '703213009', // Acute ST segment elevation myocardial infarction of inferior wall
  '703253007', // Acute ST segment elevation myocardial infarction of inferior wall involving right ventricle
  '896697005', // Acute ST segment elevation myocardial infarction of right ventricle
  '233835003', // Acute widespread myocardial infarction
  '1163440003', // Postoperative acute myocardial infarction
  '194802003', // True posterior myocardial infarction
] as const;

/** Myocardial infarction of the past or of a time that was not said, and what follows it. */
export const OTHER_INFARCTION = [
  '314207007', // Non-Q wave myocardial infarction
  '233843008', // Silent myocardial infarction
  '194856005', // Subsequent myocardial infarction
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
  '42531007', // Microinfarct of heart
  '726499301000119105', // Myocardial infarction due to atherothrombotic coronary artery disease
  '418044006', // Myocardial infarction in recovery phase
  '371068009', // Myocardial infarction with complication
  '30277009', // Rupture of ventricle due to acute myocardial infarction
  '194863005', // Atrial septal defect due to and following acute myocardial infarction
  '233847009', // Cardiac rupture due to and following acute myocardial infarction
  '194862000', // Hemopericardium due to and following acute myocardial infarction
  '703330009', // Mitral valve regurgitation due to acute myocardial infarction with papillary muscle and chordal rupture
  '703328007', // Mitral valve regurgitation due to acute myocardial infarction without papillary muscle and chordal rupture
  '233889001', // Post-infarction haemopericardium
  '233860003', // Post-infarction mitral papillary muscle rupture
  '233846000', // Post-infarction ventricular septal defect
  '194865003', // Rupture of cardiac wall without haemopericardium as current complication following acute myocardial infarction
  '194867006', // Rupture of papillary muscle as current complication following acute myocardial infarction
  '194868001', // Thrombosis of atrium, auricular appendage, and ventricle due to and following acute myocardial infarction
] as const;

/** Angina and other coronary disease. */
export const OTHER_CORONARY = [
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
  '15960701000119100', // Angina due to arteriosclerosis of coronary artery bypass graft of transplanted heart
  '15960101000119104', // Angina due to coronary arteriosclerosis in artery of transplanted heart
  '15960741000119103', // Preinfarction syndrome due to arteriosclerosis of nonautologous biological coronary artery bypass graft
  '16754391000119100', // Stable angina due to coronary arteriosclerosis
  '21470009', // Syncope anginosa
  '15960461000119105', // Unstable angina due to arteriosclerosis of autologous arterial coronary artery bypass graft
  '15960541000119107', // Unstable angina due to arteriosclerosis of autologous vein coronary artery bypass graft
  '15960341000119104', // Unstable angina due to arteriosclerosis of coronary artery bypass graft of transplanted heart
  '78741000119103', // Acute coronary artery occlusion not resulting in myocardial infarction
  '413444003', // Acute myocardial ischaemia
  '413844008', // Chronic myocardial ischaemia
  '408546009', // Coronary artery bypass graft occlusion
  '28931004', // Coronary artery rupture
  '421327009', // Coronary artery stent thrombosis
  '398274000', // Coronary artery thrombosis
  '63739005', // Coronary occlusion
  '194821006', // Coronary thrombosis not resulting in myocardial infarction
  '28248000', // Left anterior descending coronary artery thrombosis
  '123641001', // Left coronary artery occlusion
  '56276002', // Left main coronary artery thrombosis
  '697976003', // Microvascular ischaemia of myocardium
  '414795007', // Myocardial ischaemia
  '712866001', // Resting ischaemia due to ischaemic heart disease
  '123642008', // Right coronary artery occlusion
  '10365005', // Right main coronary artery thrombosis
  '233823002', // Silent myocardial ischaemia
  '713405002', // Subacute ischaemic heart disease
  '46109009', // Subendocardial ischaemia
  '315026000', // Transient myocardial ischaemia
  '233844002', // Accelerated coronary artery disease in transplanted heart
  '16025471000119107', // Aneurysm of coronary artery due to and following acute febrile mucocutaneous lymph node syndrome
  '50570003', // Aneurysm of coronary vessels
  '791000119109', // Angina due to type 2 diabetes mellitus
  '1269257006', // Arteriosclerosis of nonautologous biological coronary artery bypass graft
  '11018701000119109', // Coronary arteriosclerosis after percutaneous coronary angioplasty
  '427919004', // Coronary arteriosclerosis caused by radiation
  '792842004', // Coronary arteriosclerosis in artery of transplanted heart
  '67682002', // Coronary artery atheroma
  '16891151000119103', // Coronary artery disease due to type 2 diabetes mellitus
  '29899005', // Coronary artery embolism
  '233970002', // Coronary artery stenosis
  '59062007', // Coronary stricture
  '896690007', // Occlusion of circumflex branch of left coronary artery
  '44761000087104', // Occlusion of distal portion of circumflex branch of left coronary artery
  '44771000087108', // Occlusion of mid portion of circumflex branch of left coronary artery
  '44781000087105', // Occlusion of obtuse marginal branch of circumflex branch of left coronary artery
  '44791000087107', // Occlusion of posterior lateral branch of circumflex branch of left coronary artery
  '44801000087106', // Occlusion of proximal portion of circumflex branch of left coronary artery
  '371809004', // Recurrent angina following placement of coronary artery stent
  '371810009', // Recurrent angina status post coronary artery bypass graft
  '371812001', // Recurrent angina status post directional coronary atherectomy
  '371808007', // Recurrent angina status post percutaneous transluminal coronary angioplasty
  '371811008', // Recurrent angina status post rotational atherectomy
  '429245005', // Recurrent coronary arteriosclerosis after percutaneous transluminal coronary angioplasty
  '371805005', // Significant coronary bypass graft disease
  '876859003', // Stenosis of anterior descending branch of left coronary artery
  '876858006', // Stenosis of circumflex branch of left coronary artery
  '1255264000', // Stenosis of coronary intermediate artery
  '1254664002', // Stenosis of diagonal branch of anterior descending branch of left coronary artery
  '1254663008', // Stenosis of distal portion of anterior descending branch of left coronary artery
  '1255258007', // Stenosis of distal portion of circumflex branch of left coronary artery
  '1254659001', // Stenosis of distal portion of right coronary artery
  '1255621004', // Stenosis of distal segment of left coronary artery main stem
  '876857001', // Stenosis of left coronary artery main stem
  '1255189004', // Stenosis of left posterior descending circumflex coronary artery
  '1255188007', // Stenosis of left posterior lateral branch of circumflex branch of left coronary artery
  '1254660006', // Stenosis of marginal branch of right coronary artery
  '1255266003', // Stenosis of mid portion of anterior descending branch of left coronary artery
  '1255257002', // Stenosis of mid portion of circumflex branch of left coronary artery
  '1254658009', // Stenosis of mid portion of right coronary artery
  '1255622006', // Stenosis of mid segment of left coronary artery main stem
  '1255187002', // Stenosis of obtuse marginal branch of circumflex branch of left coronary artery
  '1255623001', // Stenosis of ostium of anterior descending branch of left coronary artery
  '1255624007', // Stenosis of ostium of circumflex branch of left coronary artery
  '1255569006', // Stenosis of ostium of left main coronary artery
  '1254666000', // Stenosis of ostium of right coronary artery
  '1254662003', // Stenosis of posterior descending branch of right coronary artery
  '1254661005', // Stenosis of posterior lateral branch of right coronary artery
  '1255265004', // Stenosis of proximal portion of anterior descending branch of left coronary artery
  '1255256006', // Stenosis of proximal portion of circumflex branch of left coronary artery
  '1254657004', // Stenosis of proximal portion of right coronary artery
  '876856005', // Stenosis of right coronary artery
  '1254665001', // Stenosis of septal branch of anterior descending branch of left coronary artery
  '139971000119106', // Thrombosis of coronary artery bypass graft
  '19830001000004106', // Thrombosis of left circumflex artery
] as const;

/** Bypass, angioplasty and stent. */
export const REVASCULARISATION = [
  '232717009', // Coronary artery bypass graft
  '399261000', // History of coronary artery bypass grafting
  '415070008', // Percutaneous coronary intervention
  '36969009', // Placement of stent in coronary artery
  '428375006', // History of coronary artery stent placement
  '429639007', // Percutaneous transluminal balloon angioplasty with insertion of stent into coronary artery
  '175021005', // Allograft bypass of coronary artery
  '736970002', // Allograft bypass of four or more coronary arteries
  '736971003', // Allograft bypass of one coronary artery
  '736972005', // Allograft bypass of three coronary arteries
  '736973000', // Allograft bypass of two coronary arteries
  '39724006', // Anastomosis of internal mammary artery to coronary artery, double vessel
  '67166004', // Aortocoronary artery bypass graft
  '8876004', // Aortocoronary artery bypass graft with prosthesis
  '3546002', // Aortocoronary artery bypass graft with saphenous vein graft
  '405599002', // Aortocoronary artery bypass graft with three vein grafts
  '405598005', // Aortocoronary artery bypass graft with two vein grafts
  '17073005', // Aortocoronary artery bypass graft with vein graft
  '309814006', // Aortocoronary bypass grafting
  '10190003', // Aortocoronary bypass of four or more coronary arteries
  '29819009', // Aortocoronary bypass of one coronary artery
  '14323007', // Aortocoronary bypass of three coronary arteries
  '90487008', // Aortocoronary bypass of two coronary arteries
  '232719007', // Coronary artery bypass graft x 1
  '119565001', // Coronary artery bypass graft, anastomosis of artery of thorax to coronary artery
  '232724005', // Coronary artery bypass grafts greater than 5
  '232720001', // Coronary artery bypass grafts x 2
  '232721002', // Coronary artery bypass grafts x 3
  '232722009', // Coronary artery bypass grafts x 4
  '232723004', // Coronary artery bypass grafts x 5
  '1287561002', // Coronary artery bypass using robotic assistance
  '359601003', // Coronary artery bypass with autogenous graft of internal mammary artery, single graft
  '82247006', // Coronary artery bypass with autogenous graft, five grafts
  '39202005', // Coronary artery bypass with autogenous graft, four grafts
  '10326007', // Coronary artery bypass with autogenous graft, three grafts
  '74371005', // Coronary artery bypass with autogenous graft, two grafts
  '414088005', // Emergency coronary artery bypass graft
  '119564002', // Internal mammary-coronary artery bypass graft
  '418551006', // Laparoscopic coronary artery bypass using robotic assistance
  '419132001', // Minimally invasive direct coronary artery bypass
  '175066001', // Percutaneous transluminal balloon angioplasty of bypass graft of coronary artery
  '175029007', // Prosthetic bypass of coronary artery
  '175036008', // Revision of bypass for coronary artery
  '175040004', // Revision of bypass for four or more coronary arteries
  '175037004', // Revision of bypass for one coronary artery
  '175039001', // Revision of bypass for three coronary arteries
  '175038009', // Revision of bypass for two coronary arteries
  '359597003', // Single internal mammary-coronary artery bypass
  '24088005', // Coronary artery atherectomy
  '709981002', // Coronary artery atherectomy using fluoroscopic guidance with contrast
  '29843007', // Coronary atherectomy by laser
  '75761004', // Infusion of intra-arterial thrombolytic agent with percutaneous transluminal coronary angioplasty
  '80762004', // Infusion of intra-arterial thrombolytic agent with percutaneous transluminal coronary angioplasty, multiple vessels
  '91338001', // Infusion of intra-arterial thrombolytic agent with percutaneous transluminal coronary angioplasty, single vessel
  '232727003', // Percutaneous directional coronary atherectomy
  '232726007', // Percutaneous endarterectomy of coronary artery
  '232729000', // Percutaneous high speed rotational coronary atherectomy
  '609153008', // Percutaneous insertion of drug eluting stent into coronary artery using fluoroscopic guidance with contrast
  '609152003', // Percutaneous insertion of stent into aneurysm of coronary artery using fluoroscopic guidance with contrast
  '232728008', // Percutaneous low speed rotational coronary atherectomy
  '397194000', // Percutaneous rotational coronary endarterectomy
  '429809004', // Percutaneous transluminal angioplasty of coronary artery using fluoroscopic guidance with contrast
  '698740005', // Percutaneous transluminal atherectomy of coronary artery by rotary cutter using fluoroscopic guidance with contrast
  '1222674001', // Percutaneous transluminal balloon angioplasty of left main coronary artery
  '11101003', // Percutaneous transluminal coronary angioplasty
  '397193006', // Percutaneous transluminal coronary angioplasty by rotoablation
  '397431004', // Percutaneous transluminal coronary angioplasty with rotoablation, single vessel
  '85053006', // Percutaneous transluminal coronary angioplasty, multiple vessels
  '707828002', // Percutaneous transluminal cutting balloon angioplasty of coronary artery
  '1222571004', // Percutaneous transluminal insertion of bare metal stent into coronary artery using fluoroscopic guidance with contrast
  '1222673007', // Percutaneous transluminal insertion of drug eluting stent into left main coronary artery using fluoroscopic guidance with contrast
  '609154002', // Percutaneous transluminal insertion of metal stent into coronary artery using fluoroscopic guidance with contrast
  '428488008', // Placement of stent in anterior descending branch of left coronary artery
  '429499003', // Placement of stent in circumflex branch of left coronary artery
  '6026008', // Removal of coronary artery obstruction by percutaneous transluminal balloon with thrombolytic agent
  '68466008', // Removal of coronary artery obstruction by percutaneous transluminal balloon, single vessel
  '23322009', // Removal of coronary artery obstruction, percutaneous transluminal, multiple vessels
  '15256002', // Transmyocardial revascularisation by laser technique
  '41339005', // Coronary angioplasty
  '81266008', // Heart revascularisation
  '373108000', // Post percutaneous transluminal coronary angioplasty
] as const;
