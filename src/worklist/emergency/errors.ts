// Refusals of emergency access.
import { defineErrors } from '#kernel/errors.ts';

export const emergencyErrors = defineErrors('emergency', {
  'own-facility': {
    status: 400,
    text: {
      vi: 'Hồ sơ của cơ sở mình được mở bằng quyền thường ngày, không cần mở khẩn cấp.',
      en: 'Records of your own facility are open to your role; they need no emergency access.',
    },
  },
  'unknown-facility': {
    status: 404,
    text: { vi: 'Không có cơ sở nào mang mã này.', en: 'No facility has this id.' },
  },
  ended: {
    status: 403,
    text: {
      vi: 'Quyền mở khẩn cấp này không có, không phải của tài khoản này hoặc đã hết hạn. Hãy mở lại và ghi lý do.',
      en: 'This emergency access does not exist, is another person’s or has run out. Open it again and give a reason.',
    },
  },
});
