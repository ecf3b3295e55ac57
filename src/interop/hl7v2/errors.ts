// Errors of a received HL7 v2 message: one entry per error condition of HL7 table 0357 that is used here.
import { defineErrors } from '#kernel/errors.ts';

export const hl7Errors = defineErrors('hl7v2', {
  'segment-order': {
    status: 422,
    text: {
      en: 'A segment is missing, unreadable or in the wrong place. Correct the message and send it again.',
      vi: 'Thiếu phân đoạn, phân đoạn không đọc được hoặc sai vị trí. Hãy sửa bản tin rồi gửi lại.',
    },
  },
  'field-missing': {
    status: 422,
    text: {
      en: 'A required field is empty. Fill it in and send the message again.',
      vi: 'Thiếu trường bắt buộc. Hãy bổ sung rồi gửi lại bản tin.',
    },
  },
  'data-type': {
    status: 422,
    text: {
      en: 'A field does not hold what its data type allows. Correct it and send the message again.',
      vi: 'Giá trị của trường không đúng kiểu dữ liệu. Hãy sửa rồi gửi lại bản tin.',
    },
  },
  'table-value': {
    status: 422,
    text: {
      en: 'A field holds a code that is not known or not taken here. Correct it and send the message again.',
      vi: 'Trường có mã không hợp lệ hoặc không được nhận ở đây. Hãy sửa rồi gửi lại bản tin.',
    },
  },
  'message-type': {
    status: 422,
    text: {
      en: 'This type of message is not taken here; ADT, ORM, OMI and ORU are.',
      vi: 'Loại bản tin này không được nhận ở đây; chỉ nhận ADT, ORM, OMI và ORU.',
    },
  },
  event: {
    status: 422,
    text: {
      en: 'This event is not taken here.',
      vi: 'Sự kiện này không được nhận ở đây.',
    },
  },
  'processing-id': {
    status: 422,
    text: {
      en: 'Only messages of production (processing id P) are taken here.',
      vi: 'Chỉ nhận bản tin vận hành thật (mã xử lý P).',
    },
  },
  version: {
    status: 422,
    text: {
      en: 'This version of HL7 is not read here; 2.3.1 to 2.7 are.',
      vi: 'Phiên bản HL7 này không được hỗ trợ; chỉ đọc từ 2.3.1 đến 2.7.',
    },
  },
  'unknown-key': {
    status: 422,
    text: {
      en: 'None of the identifiers is the hospital’s own number of this patient.',
      vi: 'Không có mã nào là mã người bệnh do bệnh viện cấp.',
    },
  },
  'duplicate-key': {
    status: 409,
    text: {
      en: 'Another message with the same control id was already taken from this sender.',
      vi: 'Đã nhận một bản tin khác có cùng mã điều khiển từ hệ thống gửi này.',
    },
  },
  'too-large': {
    status: 413,
    text: {
      en: 'The message is larger than is taken here (4 MB). Send its parts in messages of their own.',
      vi: 'Bản tin lớn hơn mức cho phép (4 MB). Hãy chia thành nhiều bản tin.',
    },
  },
  internal: {
    status: 500,
    text: {
      en: 'The message could not be stored. Send it again later.',
      vi: 'Chưa lưu được bản tin. Hãy gửi lại sau.',
    },
  },
});
export type Hl7ErrorName = keyof typeof hl7Errors.kinds;
