// Errors of the settings: environment variables and the site file.
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

export const configErrors = defineErrors('config', {
  invalid: {
    status: 500,
    text: {
      vi: 'Một biến môi trường có giá trị không hợp lệ. Hãy sửa biến được nêu tên rồi khởi động lại.',
      en: 'An environment variable has an invalid value. Correct the variable named here and start again.',
    },
  },
  unknown: {
    status: 500,
    text: {
      vi: 'Có biến môi trường bắt đầu bằng HAIDANG_ mà chương trình không biết, có thể do viết sai tên.',
      en: 'There is an environment variable that starts with HAIDANG_ and is not known; its name may be misspelt.',
    },
  },
});
