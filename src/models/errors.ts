// Why a model's folder is refused. The reason names the file and the field.
import { defineErrors } from '#kernel/errors.ts';

export const modelErrors = defineErrors('models', {
  unreadable: {
    status: 503,
    text: { vi: 'Không đọc được thư mục mô hình.', en: 'The model folder cannot be read.' },
  },
  'bad-manifest': {
    status: 503,
    text: {
      vi: 'Tệp mô tả mô hình (model.json, calibration.json hoặc golden.json) không đúng cấu trúc.',
      en: 'A file that describes the model (model.json, calibration.json or golden.json) does not fit its schema.',
    },
  },
  'not-consistent': {
    status: 503,
    text: {
      vi: 'Các tệp trong thư mục mô hình mâu thuẫn với nhau.',
      en: 'The files in the model folder contradict each other.',
    },
  },
  'file-changed': {
    status: 503,
    text: {
      vi: 'Tệp mô hình không khớp với mã SHA-256 hoặc dung lượng đã khai báo.',
      en: 'The model file does not match the SHA-256 or the size that was declared.',
    },
  },
  'unknown-model': {
    status: 503,
    text: {
      vi: 'Không có mô hình đọc ảnh nào dùng được mang tên này.',
      en: 'There is no usable imaging model of this name.',
    },
  },
  'no-such-precision': {
    status: 503,
    text: {
      vi: 'Mô hình không có tệp ở độ chính xác số học được yêu cầu.',
      en: 'The model has no file of the precision asked for.',
    },
  },
  'not-importable': {
    status: 422,
    text: {
      vi: 'Không nhập được mô hình này; lý do cho biết cần đổi gì khi xuất.',
      en: 'This model cannot be imported; the reason says what to change at export.',
    },
  },
  'no-service': {
    status: 503,
    text: {
      vi: 'Không có dịch vụ nào đang chạy với thư mục dữ liệu này.',
      en: 'No service runs with this data folder.',
    },
  },
  'other-findings': {
    status: 409,
    text: {
      vi: 'Phiên bản mới báo các dấu hiệu khác với phiên bản đang dùng; hãy khởi động lại dịch vụ để đổi.',
      en: 'The new version tells other findings than the one in service; restart the service to change to it.',
    },
  },
  'golden-differs': {
    status: 503,
    text: {
      vi: 'Mô hình không cho lại đúng kết quả chuẩn đã ghi, nên không được đưa vào sử dụng.',
      en: 'The model does not reproduce its recorded golden outputs, so it is not put into service.',
    },
  },
});
