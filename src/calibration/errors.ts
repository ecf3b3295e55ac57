// Errors of the calibration room.
import { defineErrors } from '#kernel/errors.ts';

export const calibrationErrors = defineErrors('calibration', {
  'unknown-head': {
    status: 500,
    text: {
      vi: 'Mô hình chưa được hiệu chuẩn cho dấu hiệu này.',
      en: 'The model has no calibration for this finding.',
    },
  },
  'cannot-fit': {
    status: 422,
    text: {
      vi: 'Không đủ ca dương tính và âm tính để hiệu chuẩn.',
      en: 'There are too few positive and negative cases to calibrate on.',
    },
  },
});
