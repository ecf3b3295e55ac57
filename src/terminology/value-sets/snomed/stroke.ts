// SNOMED CT: stroke of either kind and transient ischaemic attack, of now and of the past. Descendants are listed, as there is no hierarchy here; `.ci/steps/48-code-lists` compares the list with a second source.

/** Ischaemic stroke, stroke of a kind that was not said, and what either leaves behind. */
export const ISCHAEMIC_STROKE = [
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
  '426107000', // Acute lacunar infarction
  '230693009', // Anterior cerebral circulation infarction
  '195230003', // Cerebral infarction due to cerebral venous thrombosis, non-pyogenic
  '307363008', // Multiple lacunar infarcts
  '230695002', // Partial anterior cerebral circulation infarction
  '230696001', // Posterior cerebral circulation infarction
  '230701008', // Pure sensorimotor motor hemiparesis due to and following lacunar infarction
  '230694003', // Total anterior cerebral circulation infarction
  '441759008', // Abnormal vision as a late effect of cerebrovascular disease
  '134771000119108', // Alteration of sensation as late effect of stroke
  '230714009', // Anterior circulation stroke of uncertain pathology
  '441630004', // Aphasia as late effect of cerebrovascular disease
  '145741000119101', // Apraxia as late effect of cerebrovascular disease
  '428668000', // Apraxia due to cerebrovascular accident
  '29941000119105', // Ataxia as sequela of cerebrovascular disease
  '46421000119102', // Behaviour disorder as sequela of cerebral infarction
  '434151000124101', // Cerebral infarction due to anterior cerebral artery occlusion
  '434991000124105', // Cerebral infarction due to basilar artery stenosis
  '149821000119103', // Cerebral infarction due to carotid artery occlusion
  '433891000124100', // Cerebral infarction due to cerebral artery occlusion
  '433961000124100', // Cerebral infarction due to cerebral venous thrombosis
  '705128004', // Cerebral infarction due to embolism of middle cerebral artery
  '433931000124109', // Cerebral infarction due to internal carotid artery occlusion
  '434961000124102', // Cerebral infarction due to middle cerebral artery occlusion
  '433911000124103', // Cerebral infarction due to posterior cerebral artery occlusion
  '99451000119105', // Cerebral infarction due to stenosis of carotid artery
  '705130002', // Cerebral infarction due to thrombosis of middle cerebral artery
  '34191000119104', // Cerebral infarction due to vertebral artery occlusion
  '433971000124107', // Cerebral venous thrombosis of cortical vein with infarction
  '434141000124103', // Chronic cerebrovascular accident
  '133981000119106', // Dysarthria as late effects of cerebrovascular disease
  '426033005', // Dysphagia as a late effect of cerebrovascular accident
  '441529001', // Dysphasia as late effect of cerebrovascular disease
  '281240008', // Extension of cerebrovascular accident
  '133991000119109', // Fluency disorder as sequela of cerebrovascular disease
  '140281000119108', // Hemiparesis as late effect of cerebrovascular disease
  '442024001', // Hemiplegia as late effect of cerebrovascular disease
  '442676003', // Hemiplegia of dominant side as late effect of cerebrovascular disease
  '442668000', // Hemiplegia of nondominant side as late effect of cerebrovascular disease
  '441526008', // Infarct of cerebrum due to iatrogenic cerebrovascular accident
  '140911000119109', // Ischaemic stroke with coma
  '140921000119102', // Ischaemic stroke without coma
  '195239002', // Late effects of cerebrovascular disease
  '18761000119108', // Monoplegia of arm dominant side as sequela of cerebrovascular disease
  '425642008', // Monoplegia of dominant lower limb as a late effect of cerebrovascular accident
  '427065003', // Monoplegia of dominant upper limb as a late effect of cerebrovascular accident
  '441887006', // Monoplegia of lower limb as late effect of cerebrovascular disease
  '441894009', // Monoplegia of nondominant lower limb as a late effect of cerebrovascular accident
  '442181008', // Monoplegia of nondominant upper limb as a late effect of cerebrovascular accident
  '442097001', // Monoplegia of upper limb as late effect of cerebrovascular disease
  '433183000', // Neurogenic bladder as late effect of cerebrovascular accident
  '276219001', // Occipital cerebral infarction
  '433941000124104', // Occlusion and stenosis of middle cerebral artery with infarction
  '433951000124102', // Occlusion and stenosis of posterior cerebral artery with infarction
  '9901000119100', // Occlusion of cerebral artery with stroke
  '425882004', // Paralytic syndrome as late effect of stroke
  '427432001', // Paralytic syndrome as late effect of thalamic stroke
  '103761000119107', // Paralytic syndrome of all four limbs as sequela of stroke
  '102831000119104', // Paralytic syndrome of both lower limbs as sequela of stroke
  '430959006', // Paralytic syndrome of dominant side as late effect of stroke
  '430947007', // Paralytic syndrome of nondominant side as late effect of stroke
  '48601000119107', // Paralytic syndrome on one side of the body as effect of cerebrovascular accident
  '361000119103', // Paralytic syndrome on one side of the body as late effect of cerebrovascular accident
  '230715005', // Posterior circulation stroke of uncertain pathology
  '442212003', // Residual cognitive deficit as late effect of cerebrovascular accident
  '137991000119103', // Seizure disorder as sequela of stroke
  '441735003', // Sensory disorder as a late effect of cerebrovascular disease
  '33301000119105', // Sequela of cardioembolic stroke
  '23671000119107', // Sequela of ischaemic cerebral infarction
  '33331000119103', // Sequela of lacunar stroke
  '91601000119109', // Sequela of thrombotic stroke
  '108691000119102', // Spasticity as sequela of stroke
  '441960006', // Speech and language deficit as late effect of cerebrovascular accident
  '275434003', // Stroke in the puerperium
  '230713003', // Stroke of uncertain pathology
  '427296003', // Thalamic infarction
  '426788002', // Vertigo as late effect of stroke
  '26021000119107', // Vertigo as sequela of cerebrovascular disease
  '87551000119101', // Visual disturbance as sequela of cerebrovascular disease
  '92341000119107', // Weakness of extremities as sequela of stroke
  '40161000119102', // Weakness of face muscles as sequela of stroke
] as const;

/** Intracerebral and subarachnoid haemorrhage. */
export const HAEMORRHAGIC_STROKE = [
  '274100004', // Cerebral haemorrhage
  '21454007', // Subarachnoid haemorrhage
  '230706003', // Haemorrhagic cerebral infarction
  '195240000', // Sequelae of subarachnoid haemorrhage
  '230707007', // Anterior cerebral circulation haemorrhagic infarction
  '195165005', // Basal ganglia haemorrhage
  '28318001', // Basilar haemorrhage
  '95454007', // Brain stem haemorrhage
  '75038005', // Cerebellar haemorrhage
  '73020009', // Cerebral hemisphere haemorrhage
  '42429001', // Cerebromeningeal haemorrhage
  '49422009', // Cortical haemorrhage
  '195167002', // External capsule haemorrhage
  '52201006', // Internal capsule haemorrhage
  '276722003', // Intracerebellar and posterior fossa haemorrhage
  '195168007', // Intracerebral haemorrhage with intraventricular haemorrhage
  '195169004', // Intracerebral haemorrhage, multiple localized
  '195160000', // Intracranial subarachnoid haemorrhage from vertebral artery
  '449020009', // Intraparenchymal haemorrhage of brain
  '7713009', // Intrapontine haemorrhage
  '230712008', // Lacunar haemorrhage
  '230710000', // Lobar cerebral haemorrhage
  '230709005', // Massive supratentorial cerebral haemorrhage
  '425957003', // Non-traumatic intracerebral ventricular haemorrhage
  '230708002', // Posterior cerebral circulation haemorrhagic infarction
  '270907008', // Spontaneous intracranial subarachnoid haemorrhage
  '276278003', // Subarachnoid haemorrhage from anterior cerebral artery aneurysm
  '276282001', // Subarachnoid haemorrhage from anterior communicating artery aneurysm
  '276284000', // Subarachnoid haemorrhage from basilar artery aneurysm
  '276286003', // Subarachnoid haemorrhage from carotid artery aneurysm
  '195155004', // Subarachnoid haemorrhage from carotid siphon and bifurcation
  '276280009', // Subarachnoid haemorrhage from middle cerebral artery aneurysm
  '276277008', // Subarachnoid haemorrhage from multiple aneurysms
  '276281008', // Subarachnoid haemorrhage from posterior cerebral artery aneurysm
  '276283006', // Subarachnoid haemorrhage from posterior communicating artery aneurysm
  '276285004', // Subarachnoid haemorrhage from posterior inferior cerebellar artery aneurysm
  '20908003', // Subcortical cerebral haemorrhage
  '230711001', // Thalamic haemorrhage
  '23276006', // Ventricular haemorrhage
  '5571000124103', // Cerebrovascular accident with intracranial haemorrhage
] as const;

/** Transient ischaemic attack, of the eye too. */
export const TRANSIENT_ATTACK = [
  '266257000', // Transient ischaemic attack
  '195206000', // Intermittent cerebral ischaemia
  '230716006', // Anterior circulation transient ischaemic attack
  '710575003', // Transient ischaemic attack due to embolism
  '88032003', // Amaurosis fugax
  '161511000', // History of transient ischaemic attack
  '140221000119109', // History of transient ischaemic attack due to embolism
  '13016361000119101', // History of amaurosis fugax
  '426814001', // Transient cerebral ischaemia due to atrial fibrillation
] as const;
