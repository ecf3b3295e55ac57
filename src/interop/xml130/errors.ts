// Errors of a claim file, of a record in it, or of a row; none of the sentences holds a patient's data.
import { defineErrors } from '#kernel/errors.ts';

export const xml130Errors = defineErrors('xml130', {
  'not-a-claim-file': {
    status: 422,
    text: {
      en: 'This is not a claim file: no GIAMDINHHS envelope with HOSO records was found.',
      vi: 'Không phải tệp hồ sơ giám định: không thấy phong bì GIAMDINHHS với các HOSO.',
    },
  },
  'file-too-large': {
    status: 413,
    text: { en: 'The claim file is larger than 256 MiB.', vi: 'Tệp hồ sơ lớn hơn 256 MiB.' },
  },
  'doctype-refused': {
    status: 422,
    text: {
      en: 'A document type or entity declaration is not accepted in a claim file.',
      vi: 'Không nhận khai báo DOCTYPE hoặc ENTITY trong tệp hồ sơ.',
    },
  },
  'record-too-large': {
    status: 413,
    text: { en: 'The record is larger than a record may be.', vi: 'Hồ sơ vượt quá kích thước cho phép.' },
  },
  'record-unterminated': {
    status: 422,
    text: {
      en: 'The record is cut: its HOSO element does not end.',
      vi: 'Hồ sơ bị cắt: thẻ HOSO không được đóng.',
    },
  },
  'record-without-xml1': {
    status: 422,
    text: {
      en: 'The record has no readable XML1, so it is not known whose it is.',
      vi: 'Hồ sơ không có XML1 đọc được nên không biết của người bệnh nào.',
    },
  },
  'bad-base64': {
    status: 422,
    text: { en: 'NOIDUNGFILE is not valid base64.', vi: 'NOIDUNGFILE không phải base64 hợp lệ.' },
  },
  'bad-text': {
    status: 422,
    text: { en: 'The table is not valid UTF-8.', vi: 'Bảng không phải UTF-8 hợp lệ.' },
  },
  'bad-xml': {
    status: 422,
    text: { en: 'The table is not well-formed XML.', vi: 'Bảng không phải XML đúng cú pháp.' },
  },
  'wrong-table': {
    status: 422,
    text: {
      en: 'The table does not hold the elements that its LOAIHOSO announces.',
      vi: 'Bảng không chứa các phần tử như LOAIHOSO đã khai.',
    },
  },
  'missing-field': {
    status: 422,
    text: { en: 'A required field is empty.', vi: 'Thiếu trường bắt buộc.' },
  },
  'field-too-long': {
    status: 422,
    text: {
      en: 'An identifier is longer than the claim tables allow.',
      vi: 'Mã định danh dài hơn mức các bảng hồ sơ cho phép.',
    },
  },
  'unclear-field': {
    status: 422,
    text: {
      en: 'A field of the row stands twice with different contents, or holds elements instead of text.',
      vi: 'Một trường của dòng xuất hiện hai lần với nội dung khác nhau, hoặc chứa thẻ con thay vì văn bản.',
    },
  },
  'other-record': {
    status: 422,
    text: {
      en: 'The row names another MA_LK than the XML1 of its record.',
      vi: 'Dòng mang MA_LK khác với XML1 của hồ sơ.',
    },
  },
  'bad-time': {
    status: 422,
    text: {
      en: 'The time is not a real date of 8, 12 or 14 digits.',
      vi: 'Thời gian không phải ngày có thật gồm 8, 12 hoặc 14 chữ số.',
    },
  },
  'empty-row': {
    status: 422,
    text: {
      en: 'The row has neither a value nor a report.',
      vi: 'Dòng không có giá trị và cũng không có mô tả hay kết luận.',
    },
  },
  'bad-indicators': {
    status: 500,
    text: {
      en: 'The table of this site’s laboratory codes cannot be read; it is JSON, {"MA_CHI_SO": "LOINC"}.',
      vi: 'Không đọc được bảng mã chỉ số xét nghiệm của cơ sở; tệp phải là JSON dạng {"MA_CHI_SO": "LOINC"}.',
    },
  },
});
