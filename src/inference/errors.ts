// Errors of running a model, as a door tells them.
import { defineErrors } from '#kernel/errors.ts';

export const inferenceErrors = defineErrors('inference', {
  'unknown-model': {
    status: 404,
    text: { vi: 'Không có mô hình này.', en: 'There is no such model.' },
  },
  'model-refused': {
    status: 503,
    text: {
      vi: 'Mô hình không qua được bước kiểm tra khi khởi động nên không được sử dụng.',
      en: 'The model failed its checks at start and is not in service.',
    },
  },
  'bad-input': {
    status: 500,
    text: {
      vi: 'Dữ liệu đưa vào mô hình không đúng kích thước đã khai báo.',
      en: 'What was handed to the model does not have the declared shape.',
    },
  },
  'bad-message': {
    status: 400,
    text: {
      vi: 'Yêu cầu không theo đúng Open Inference Protocol v2.',
      en: 'The message does not follow the Open Inference Protocol v2.',
    },
  },
  remote: {
    status: 503,
    text: {
      vi: 'Máy chủ suy luận từ xa không trả lời được.',
      en: 'The remote inference server could not answer.',
    },
  },
  'queue-full': {
    status: 503,
    text: {
      vi: 'Hàng chờ phân tích đã đầy, hãy gửi lại sau.',
      en: 'The queue for analysis is full; send it again later.',
    },
  },
  deadline: {
    status: 504,
    text: { vi: 'Phân tích không xong trong thời hạn.', en: 'The analysis did not finish before its deadline.' },
  },
  crashed: {
    status: 500,
    text: {
      vi: 'Tiến trình phân tích bị dừng đột ngột hai lần với dữ liệu này.',
      en: 'The process that runs the model died twice on this input.',
    },
  },
  failed: {
    status: 500,
    text: { vi: 'Mô hình báo lỗi khi chạy.', en: 'The model reported an error while it ran.' },
  },
  'not-finite': {
    status: 500,
    text: {
      vi: 'Mô hình trả về giá trị không phải là số.',
      en: 'The model returned a value that is not a number.',
    },
  },
  'no-provider': {
    status: 503,
    text: {
      vi: 'Không bộ thực thi nào trong cấu hình chạy được mô hình trên máy này.',
      en: 'None of the configured execution providers can run the model on this machine.',
    },
  },
  contract: {
    status: 503,
    text: {
      vi: 'Đầu vào hoặc đầu ra của tệp mô hình khác với model.json.',
      en: 'The inputs or outputs of the model file differ from model.json.',
    },
  },
  memory: {
    status: 503,
    text: {
      vi: 'Không đủ bộ nhớ được phép để nạp thêm mô hình này lúc này.',
      en: 'The memory allowed for models does not hold this one as well at the moment.',
    },
  },
  closed: {
    status: 503,
    text: { vi: 'Dịch vụ đang dừng.', en: 'The service is stopping.' },
  },
});
