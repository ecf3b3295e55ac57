// Why a model may not go to another stage. The reason names what is missing.
import { defineErrors } from '#kernel/errors.ts';

export const promotionErrors = defineErrors('promotion', {
  'unknown-model': {
    status: 404,
    text: {
      vi: 'Không có mô hình đọc ảnh nào dùng được mang tên này.',
      en: 'There is no usable imaging model of this name.',
    },
  },
  'does-not-run': {
    status: 409,
    text: {
      vi: 'Mô hình không chạy được ở đây hoặc không cho lại đúng kết quả chuẩn của nó; không có gì thay đổi.',
      en: 'The model does not run here, or does not give its recorded outputs again; nothing was changed.',
    },
  },
  'not-the-site': {
    status: 403,
    text: {
      vi: 'Chỉ quản trị viên của cơ sở sở hữu hệ thống mới được đổi giai đoạn của mô hình.',
      en: 'Only an administrator of the facility that runs the service may change a model’s stage.',
    },
  },
  'not-allowed': {
    status: 409,
    text: {
      vi: 'Mô hình không thể chuyển thẳng từ giai đoạn hiện tại sang giai đoạn này.',
      en: 'The model cannot go from its present stage to this one.',
    },
  },
  'approver-missing': {
    status: 422,
    text: {
      vi: 'Cần ghi tên người phê duyệt trước khi mô hình đọc cho người dùng.',
      en: 'A named person must approve before a model reads for people.',
    },
  },
  'report-unfit': {
    status: 422,
    text: {
      vi: 'Báo cáo so sánh không thuộc về mô hình này và mô hình đang đọc, hoặc không đúng cấu trúc.',
      en: 'The report does not belong to this model and the live one, or does not have the right form.',
    },
  },
  'exit-not-passed': {
    status: 409,
    text: {
      vi: 'Số liệu so sánh với mô hình đang đọc chưa cho phép chuyển giai đoạn; xem lý do kèm theo.',
      en: 'The figures against the live model do not allow this step; the reason says which.',
    },
  },
});
