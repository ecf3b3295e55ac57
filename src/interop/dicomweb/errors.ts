// Errors of the DICOMweb doors.
import { defineErrors } from '#kernel/errors.ts';

export const dicomwebErrors = defineErrors('dicomweb', {
  'no-such-object': {
    status: 404,
    text: {
      vi: 'Kho lưu trữ không có ca chụp, chuỗi ảnh, ảnh hay khung hình này.',
      en: 'The archive holds no such study, series, instance or frame.',
    },
  },
  'bad-query': {
    status: 400,
    text: { vi: 'Tham số tìm kiếm không hợp lệ.', en: 'A search parameter is not valid.' },
  },
  'not-acceptable': {
    status: 406,
    text: {
      vi: 'Không thể trả lời ở dạng mà phần Accept yêu cầu.',
      en: 'The answer cannot be given in the form that Accept asks for.',
    },
  },
  'metadata-body': {
    status: 415,
    text: {
      vi: 'Chỉ nhận tệp DICOM nguyên vẹn (application/dicom); không nhận metadata JSON hoặc XML kèm dữ liệu rời.',
      en: 'Whole DICOM files (application/dicom) are taken; metadata as JSON or XML with separate bulk data are not.',
    },
  },
  'other-study': {
    status: 409,
    text: {
      vi: 'Ảnh thuộc ca chụp khác với ca chụp trong địa chỉ.',
      en: 'The instance belongs to another study than the address names.',
    },
  },
});
