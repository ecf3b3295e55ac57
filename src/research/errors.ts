// Why a data set, a request for figures or a comparison is refused as a whole; faults of single rows are in dataset/fault.ts.
import { defineErrors } from '#kernel/errors.ts';

export const evaluationErrors = defineErrors('evaluation', {
  dataset: {
    status: 422,
    text: {
      en: 'The data set cannot be used: check its folder, its table and dataset.json.',
      vi: 'Không dùng được bộ dữ liệu: hãy kiểm tra thư mục, bảng và dataset.json.',
    },
  },
  'unknown-dataset': {
    status: 404,
    text: {
      en: 'There is no data set of this name; `haidang datasets list` names them.',
      vi: 'Không có bộ dữ liệu tên này; `haidang datasets list` liệt kê các bộ đang có.',
    },
  },
  'queue-overflow': {
    status: 422,
    text: {
      en: 'The readers cannot keep up with the films: choose more readers, fewer films or less time per film.',
      vi: 'Số người đọc không theo kịp số phim: hãy tăng người đọc, giảm số phim hoặc thời gian đọc mỗi phim.',
    },
  },
  'model-refused': {
    status: 503,
    text: {
      en: 'The model does not run here; the reason says why.',
      vi: 'Mô hình không chạy được ở đây; xem lý do kèm theo.',
    },
  },
  'not-fetched': {
    status: 502,
    text: {
      en: 'The file could not be downloaded completely; the same command goes on where it stopped.',
      vi: 'Chưa tải xong tệp; chạy lại lệnh sẽ tải tiếp từ chỗ dừng.',
    },
  },
});
