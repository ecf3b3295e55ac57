// Refusals of the pre-read's door.
import { defineErrors } from '#kernel/errors.ts';

export const prereadErrors = defineErrors('preread', {
  'unknown-format': {
    status: 415,
    text: {
      vi: 'Tệp không phải là DICOM, PNG hay JPEG.',
      en: 'The file is neither DICOM nor PNG nor JPEG.',
    },
  },
  'not-replayable': {
    status: 409,
    text: {
      vi: 'Không thể tính lại kết quả đọc này ở đây.',
      en: 'This reading cannot be computed again here.',
    },
  },
  empty: {
    status: 400,
    text: {
      vi: 'Không có tệp nào trong yêu cầu, hoặc tệp rỗng.',
      en: 'The request holds no file, or an empty one.',
    },
  },
  'too-large': {
    status: 413,
    text: {
      vi: 'Tệp vượt quá kích thước cho phép (HAIDANG_MAX_UPLOAD_MIB).',
      en: 'The file is larger than allowed (HAIDANG_MAX_UPLOAD_MIB).',
    },
  },
  'film-changed': {
    status: 409,
    text: {
      vi: 'Phim hoặc mô hình đã thay đổi sau lần đọc này, nên bản đồ nhiệt của nó không kiểm tra được.',
      en: 'The film or the model has changed since this reading, so its heatmap cannot be checked.',
    },
  },
  'declared-for-dicom': {
    status: 400,
    text: {
      vi: 'Tuổi, giới và tư thế chỉ khai báo cho ảnh PNG hoặc JPEG; tệp DICOM đã có thẻ riêng.',
      en: 'Age, sex and view are declared for PNG or JPEG only; a DICOM file has its own tags.',
    },
  },
  'decode-deadline': {
    status: 503,
    text: {
      vi: 'Giải mã ảnh quá lâu nên đã bị dừng; hệ thống sẽ thử lại.',
      en: 'Decoding the image took too long and was stopped; it is tried again.',
    },
  },
  'decoder-crashed': {
    status: 503,
    text: {
      vi: 'Bộ giải mã ảnh gặp sự cố; hệ thống sẽ thử lại.',
      en: 'The image decoder crashed; it is tried again.',
    },
  },
  'reader-died': {
    status: 503,
    text: {
      vi: 'Mỗi lần đọc ca chụp này, tiến trình xử lý đều dừng giữa chừng; điều này không nói lên điều gì về người bệnh.',
      en: 'Each time this study was read, the process stopped half-way; this says nothing about the patient.',
    },
  },
  'model-not-ready': {
    status: 503,
    text: {
      vi: 'Mô hình đọc phim chưa sẵn sàng; ca chụp được giữ lại và sẽ được đọc sau.',
      en: 'The model that reads films is not ready; the study is kept and will be read later.',
    },
  },
  'no-such-study': {
    status: 404,
    text: { vi: 'Không có ca chụp này.', en: 'There is no such study.' },
  },
  'no-such-reading': {
    status: 404,
    text: { vi: 'Không có kết quả đọc này.', en: 'There is no such reading.' },
  },
  'no-heatmap': {
    status: 404,
    text: {
      vi: 'Dấu hiệu này không có bản đồ nhiệt được hiển thị.',
      en: 'No heatmap is shown for this finding.',
    },
  },
  'unknown-finding': {
    status: 422,
    text: { vi: 'Không mô hình nào biết dấu hiệu này.', en: 'No model knows this finding.' },
  },
  'no-such-image': {
    status: 404,
    text: { vi: 'Không có ảnh này.', en: 'There is no such image.' },
  },
});
