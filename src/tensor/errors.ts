// Errors of the tensor room: frames that no model may be shown.
import { defineErrors } from '#kernel/errors.ts';

export const tensorErrors = defineErrors('tensor', {
  'bad-frame': {
    status: 422,
    text: {
      vi: 'Ảnh không đọc được thành lưới điểm ảnh hợp lệ (kích thước sai hoặc có giá trị không phải là số).',
      en: 'The picture is not a valid grid of pixels (wrong size, or a value that is not a number).',
    },
  },
  'bad-steps': {
    status: 500,
    text: {
      vi: 'Các bước tiền xử lý khai báo trong model.json không thực hiện được theo thứ tự này.',
      en: 'The preprocessing steps declared in model.json cannot be run in this order.',
    },
  },
});
