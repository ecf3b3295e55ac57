// Errors of the explanation room.
import { defineErrors } from '#kernel/errors.ts';

export const explanationErrors = defineErrors('explanation', {
  'bad-maps': {
    status: 500,
    text: {
      vi: 'Bản đồ lớp mà mô hình trả về không đúng kích thước đã khai báo.',
      en: 'The class maps that the model returned do not have the declared shape.',
    },
  },
});
