// What can be wrong with a hospital's own settings for its systems.
import { defineErrors } from '#kernel/errors.ts';

export const interopErrors = defineErrors('interop', {
  site: {
    status: 422,
    text: {
      en: 'The site file (HAIDANG_SITE) cannot be used: correct the field named here.',
      vi: 'Không dùng được tệp cấu hình của bệnh viện (HAIDANG_SITE): hãy sửa trường được nêu tên.',
    },
  },
});
