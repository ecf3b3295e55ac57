// The errors of the risk room: what a caller or an equation folder did wrong, in both languages.
import { defineErrors } from '#kernel/errors.ts';

export const riskErrors = defineErrors('risk', {
  'bad-equation': {
    status: 500,
    text: {
      en: 'An equation folder does not fit its schema; it is not served.',
      vi: 'Thư mục phương trình không đúng cấu trúc nên không được đưa vào sử dụng.',
    },
  },
  'bad-expression': {
    status: 500,
    text: {
      en: 'An expression in an equation cannot be read; the equation is not served.',
      vi: 'Một biểu thức trong phương trình không đọc được nên phương trình không được đưa vào sử dụng.',
    },
  },
  'unknown-equation': {
    status: 404,
    text: {
      en: 'There is no equation of this name.',
      vi: 'Không có phương trình nào mang tên này.',
    },
  },
  'bad-input': {
    status: 422,
    text: {
      en: 'A value cannot be used. Correct the field named here; nothing was changed or assumed.',
      vi: 'Có giá trị không dùng được. Hãy sửa trường được nêu tên; hệ thống không tự sửa và không tự giả định.',
    },
  },
  'impossible-age': {
    status: 422,
    text: {
      en: 'No person has this age. Correct the field named here.',
      vi: 'Không ai có độ tuổi này. Hãy sửa trường được nêu tên.',
    },
  },
  'unknown-input': {
    status: 422,
    text: {
      en: 'The equation has no input of this name.',
      vi: 'Phương trình không có đầu vào mang tên này.',
    },
  },
  'not-modifiable': {
    status: 422,
    text: {
      en: 'A what-if may only change what a person can change: blood pressure, smoking, lipids, weight and the like.',
      vi: 'Chỉ có thể thử thay đổi những yếu tố mà người bệnh thay đổi được: huyết áp, hút thuốc, lipid máu, cân nặng.',
    },
  },
  'bad-table': {
    status: 400,
    text: {
      en: 'The table cannot be read; the row at fault is named here.',
      vi: 'Không đọc được bảng dữ liệu; dòng lỗi được nêu ở đây.',
    },
  },
  'bad-row': {
    status: 400,
    text: {
      en: 'A row of the cohort cannot be read; the others are answered.',
      vi: 'Có một dòng của danh sách không đọc được; các dòng khác vẫn được trả lời.',
    },
  },
  'golden-differs': {
    status: 500,
    text: {
      en: 'An equation does not reproduce its golden outputs; it is not served.',
      vi: 'Phương trình không cho lại đúng kết quả mẫu nên không được đưa vào sử dụng.',
    },
  },
});
