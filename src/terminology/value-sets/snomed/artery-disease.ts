// SNOMED CT: disease of the arteries of the limbs, and plaque of the aorta. Descendants are listed, as there is no hierarchy here; `.ci/steps/48-code-lists` compares the list with a second source.

/** Peripheral artery disease, the diabetic too. */
export const PERIPHERAL_ARTERY = [
  '399957001', // Peripheral arterial occlusive disease
  '840580004', // Peripheral arterial disease
  '400047006', // Peripheral vascular disease
  '63491006', // Intermittent claudication
  '51274000', // Atherosclerosis of arteries of the extremities
  '8001000119106', // Atherosclerosis of aortoiliac bypass graft
  '442693003', // Atherosclerosis of autologous vein bypass graft of limb
  '442439008', // Atherosclerosis of bypass graft of limb
  '709584004', // Atherosclerosis of bypass graft of lower limb
  '442701004', // Atherosclerosis of nonautologous biological bypass graft of limb
  '709585003', // Atherosclerosis of nonautologous biological bypass graft of lower limb
  '442735001', // Atherosclerosis of nonautologous bypass graft of limb
  '792843009', // Gangrene of limb due to atherosclerosis of artery of limb
  '792845002', // Intermittent claudication due to atherosclerosis of artery of limb
  '238794007', // Ischaemic foot ulcer
  '429768000', // Ischaemic ulcer of toe
  '792844003', // Limb pain at rest due to atherosclerosis of artery of lower limb
  '127014009', // Peripheral angiopathy due to diabetes mellitus
  '421365002', // Peripheral circulatory disorder due to type 1 diabetes mellitus
  '422166005', // Peripheral circulatory disorder due to type 2 diabetes mellitus
  '421895002', // Peripheral vascular disorder due to diabetes mellitus
  '233958001', // Peripheral ischaemia
  '422275004', // Gangrene due to diabetes mellitus
  '420825003', // Gangrene due to type 1 diabetes mellitus
  '421631007', // Gangrene due to type 2 diabetes mellitus
  '201250006', // Ischaemic ulcer of foot due to diabetes mellitus
  '140521000119107', // Ischaemic ulcer of foot due to type 2 diabetes mellitus
  '31211000119101', // Peripheral angiopathy due to type 1 diabetes mellitus
  '314902007', // Peripheral angiopathy due to type 2 diabetes mellitus
  '190369008', // Type I diabetes mellitus with gangrene
  '402864004', // Wet gangrene of foot due to diabetes mellitus
] as const;

/** Atherosclerosis of the aorta: vascular disease in CHA2DS2-VASc, no established disease in charts for primary prevention. */
export const AORTIC_PLAQUE = [
  '233955003', // Abdominal aortic atherosclerosis
  '233956002', // Aortoiliac atherosclerosis
  '81817003', // Atherosclerosis of aorta
] as const;
