// Errors of an alert, of its policy, and of a person's request about it.
import { defineErrors } from '#kernel/errors.ts';

export const alertErrors = defineErrors('alerts', {
  policy: {
    status: 422,
    text: {
      en: 'The alert policy cannot be used: a field is missing, unknown or out of range.',
      vi: 'Không dùng được chính sách cảnh báo: có trường bị thiếu, không nhận ra hoặc ngoài khoảng cho phép.',
    },
  },
  history: {
    status: 422,
    text: {
      en: 'The alert history cannot be used: a row does not have the expected fields.',
      vi: 'Không dùng được lịch sử cảnh báo: có dòng không đúng các trường quy định.',
    },
  },
  transition: {
    status: 409,
    text: {
      en: 'The alert is in a state that does not allow this step.',
      vi: 'Cảnh báo đang ở trạng thái không cho phép thao tác này.',
    },
  },
  'reason-required': {
    status: 422,
    text: {
      en: 'Overriding an alert needs one of the coded reasons; the reason "other" also needs a comment.',
      vi: 'Bỏ qua cảnh báo cần chọn một lý do có mã; lý do "khác" phải kèm ghi chú.',
    },
  },
  'no-audience': {
    status: 422,
    text: {
      en: 'An alert needs at least one receiver: a login, a department or a role. It is never sent to everybody.',
      vi: 'Cảnh báo cần ít nhất một nơi nhận: tài khoản, khoa hoặc vai trò. Không bao giờ gửi cho tất cả mọi người.',
    },
  },
});
