// Notes on each study of the demo, in both languages.
import type { Case, Flaw } from './cases.ts';
import type { FindingName } from './lesions.ts';
import type { OtherKind } from './others.ts';

/** A sentence for the reader of the demo. */
export interface Note {
  readonly vi: string;
  readonly en: string;
}

const FINDING_VI: Record<FindingName, string> = {
  Effusion: 'tràn dịch màng phổi',
  Consolidation: 'đông đặc phổi',
  Nodule: 'nốt phổi',
  Mass: 'khối phổi',
  Pneumothorax: 'tràn khí màng phổi',
  Cardiomegaly: 'bóng tim to',
};

const FLAW_NOTES: Record<Flaw, Note> = {
  inverted: { vi: 'giá trị điểm ảnh bị đảo so với thẻ Photometric', en: 'pixels inverted against the photometric tag' },
  turned: { vi: 'phim bị xoay 90°', en: 'film turned by 90°' },
  'upside-down': { vi: 'phim bị lộn ngược', en: 'film upside down' },
  blank: { vi: 'phim trắng, không có hình', en: 'blank film' },
  cut: { vi: 'tệp bị cắt dở khi truyền', en: 'file cut in transfer' },
  'no-photometric': { vi: 'thiếu thẻ Photometric Interpretation', en: 'Photometric Interpretation is missing' },
  'no-view': { vi: 'thiếu thẻ View Position', en: 'View Position is missing' },
  'knee-as-chest': { vi: 'phim khớp gối bị ghi nhầm là ngực', en: 'a knee labelled as a chest' },
};

const OTHER_NOTES: Record<OtherKind, Note> = {
  hand: { vi: 'phim bàn tay', en: 'a hand' },
  knee: { vi: 'phim khớp gối', en: 'a knee' },
  skull: { vi: 'phim sọ', en: 'a skull' },
  abdomen: { vi: 'phim bụng', en: 'an abdomen' },
  lateral: { vi: 'phim ngực nghiêng', en: 'a chest from the side' },
  pattern: { vi: 'ảnh thử máy', en: 'a test pattern' },
};

export function noteOf({ findings, flaw, other, resent, visit }: Case): Note {
  if (flaw !== undefined) return FLAW_NOTES[flaw];
  if (other !== undefined) return OTHER_NOTES[other];
  const vi = findings.length === 0 ? 'bình thường' : findings.map((name) => FINDING_VI[name]).join(', ');
  const en = findings.length === 0 ? 'normal' : findings.join(', ').toLowerCase();
  const again =
    visit === undefined
      ? { vi: '', en: '' }
      : { vi: ' (phim thứ hai của người bệnh)', en: " (the patient's second film)" };
  const twice = resent === undefined ? { vi: '', en: '' } : { vi: ', gửi hai lần', en: ', sent twice' };
  return { vi: vi + again.vi + twice.vi, en: en + again.en + twice.en };
}
