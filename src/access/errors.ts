// Refusals of credentials.
import { defineErrors } from '#kernel/errors.ts';

export const accessErrors = defineErrors('access', {
  'login-needed': {
    status: 401,
    text: {
      vi: 'Cần đăng nhập, hoặc gửi kèm mã truy cập (Authorization: Bearer …).',
      en: 'Log in, or send an access token (Authorization: Bearer …).',
    },
  },
  'token-not-valid': {
    status: 401,
    text: {
      vi: 'Mã truy cập không hợp lệ hoặc đã hết hạn. Hãy lấy mã mới.',
      en: 'The access token is not valid or has run out. Get a new one.',
    },
  },
});
