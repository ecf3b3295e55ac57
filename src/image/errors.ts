// Errors of an uploaded PNG or JPEG picture.
import { defineErrors } from '#kernel/errors.ts';

export const imageErrors = defineErrors('image', {
  'not-a-picture': {
    status: 415,
    text: {
      vi: 'Tệp không phải ảnh PNG hoặc JPEG đọc được.',
      en: 'The file is not a readable PNG or JPEG picture.',
    },
  },
  broken: {
    status: 422,
    text: {
      vi: 'Ảnh bị hỏng hoặc bị cắt cụt; hãy gửi lại tệp gốc.',
      en: 'The picture is broken or cut short; send the original file again.',
    },
  },
  'too-large': {
    status: 413,
    text: {
      vi: 'Ảnh có quá nhiều điểm ảnh để xử lý.',
      en: 'The picture has too many pixels to be processed.',
    },
  },
  'unsupported-colour': {
    status: 422,
    text: {
      vi: 'Không gian màu của ảnh không được hỗ trợ; hãy gửi ảnh xám hoặc RGB.',
      en: 'The colour space of the picture is not supported; send a gray or RGB picture.',
    },
  },
});
