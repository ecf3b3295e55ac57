// Errors of the door of the Open Inference Protocol; the protocol's answer is {"error": sentence}.
import { defineErrors } from '#kernel/errors.ts';

export const oipErrors = defineErrors('oip', {
  'unknown-model': {
    status: 404,
    text: { vi: 'Không có mô hình hoặc phiên bản này.', en: 'There is no such model, or not in this version.' },
  },
  'wrong-input': {
    status: 400,
    text: {
      vi: 'Tensor đầu vào không đúng tên hoặc kích thước mà mô hình khai báo.',
      en: 'The input tensor does not have the name or the shape that the model declares.',
    },
  },
  'unknown-output': {
    status: 400,
    text: { vi: 'Mô hình không có đầu ra này.', en: 'The model has no such output.' },
  },
});
