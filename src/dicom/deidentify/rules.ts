// Elements that a de-identified instance keeps (PS3.15 annex E, Basic Profile with modified dates and patient characteristics retained).
//
// A list of what is kept, not of what is removed: an element that this program has never heard of, every private one and every free
// text is gone by itself. None of table E.1-1's elements stands here but those that the two options keep.

/** Technique, geometry, pixels and their look-up tables. */
const KEPT = [
  0x00080008, 0x00080016, 0x00080060, 0x00080064, 0x00080068, 0x00080070, 0x00081090, 0x00180015, 0x00180060,
  0x00181110, 0x00181111, 0x00181150, 0x00181151, 0x00181152, 0x00181153, 0x00181160, 0x00181164, 0x00181190,
  0x00181508, 0x00185101, 0x00187004, 0x00200011, 0x00200013, 0x00200020, 0x00200060, 0x00200062, 0x00280002,
  0x00280004, 0x00280006, 0x00280008, 0x00280010, 0x00280011, 0x00280030, 0x00280034, 0x00280100, 0x00280101,
  0x00280102, 0x00280103, 0x00280106, 0x00280107, 0x00280120, 0x00280121, 0x00280301, 0x00281040, 0x00281041,
  0x00281050, 0x00281051, 0x00281052, 0x00281053, 0x00281054, 0x00281056, 0x00281101, 0x00281102, 0x00281103,
  0x00281201, 0x00281202, 0x00281203, 0x00282110, 0x00282112, 0x00282114, 0x00283002, 0x00283004, 0x00283006,
  0x20500020, 0x7fe00001, 0x7fe00002, 0x7fe00010,
  // Retain Patient Characteristics.
  0x00100040,
] as const;

/** Codes within the sequences below. */
const CODES = [0x00080100, 0x00080102, 0x00080103, 0x00080104] as const;
const SEQUENCES = [0x00082218, 0x00540220, 0x00540222, 0x00283000, 0x00283010] as const;
const UIDS = [0x00080018, 0x0020000d, 0x0020000e, 0x00200052] as const;
/** Moved by the patient's own number of days; times of day stay. */
const DATES = [0x00080020, 0x00080021, 0x00080022, 0x00080023] as const;
const TIMES = [0x00080030, 0x00080031, 0x00080032, 0x00080033] as const;
/** Required by the IOD, and empty. */
const EMPTIED = [0x00201040, 0x00080050, 0x00080090, 0x00100030, 0x00200010, 0x00400555] as const;

export type Action = 'keep' | 'items' | 'uid' | 'date' | 'age' | 'patient' | 'empty';

const ACTIONS: ReadonlyMap<number, Action> = new Map<number, Action>([
  ...[...KEPT, ...CODES, ...TIMES].map((tag) => [tag, 'keep'] as const),
  ...SEQUENCES.map((tag) => [tag, 'items'] as const),
  ...UIDS.map((tag) => [tag, 'uid'] as const),
  ...DATES.map((tag) => [tag, 'date'] as const),
  ...EMPTIED.map((tag) => [tag, 'empty'] as const),
  [0x00101010, 'age'],
  [0x00100010, 'patient'],
  [0x00100020, 'patient'],
]);

/** Undefined: the element is removed. */
export const actionFor = (tag: number): Action | undefined => ACTIONS.get(tag);
