// What can be wrong with a dataset or a request for figures.
import { defineErrors } from '#kernel/errors.ts';

export const evaluationErrors = defineErrors('evaluation', {
  dataset: {
    status: 422,
    text: {
      en: 'The dataset folder cannot be used: check labels.csv and the split.',
      vi: 'Không dùng được thư mục dữ liệu: hãy kiểm tra labels.csv và tên phần chia (split).',
    },
  },
});
