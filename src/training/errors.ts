// Why a head cannot be trained on these cases.
import { defineErrors } from '#kernel/errors.ts';

export const trainingErrors = defineErrors('training', {
  'too-few': {
    status: 422,
    text: {
      vi: 'Không đủ ca có nhãn để huấn luyện; xem lý do kèm theo.',
      en: 'There are too few labelled cases to train on; the reason says which.',
    },
  },
});
