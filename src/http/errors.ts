// Refusals of our own door, before a room is asked.
import { defineErrors } from '#kernel/errors.ts';

export const httpErrors = defineErrors('http', {
  'invalid-request': {
    status: 400,
    text: {
      vi: 'Yêu cầu không đúng định dạng. Hãy sửa trường được nêu tên rồi gửi lại.',
      en: 'The request does not have the right form. Correct the field named here and send it again.',
    },
  },
  'not-json': {
    status: 400,
    text: {
      vi: 'Nội dung gửi lên không phải là JSON hợp lệ.',
      en: 'The body is not valid JSON.',
    },
  },
  'broken-multipart': {
    status: 400,
    text: {
      vi: 'Nội dung multipart bị hỏng hoặc bị cắt giữa chừng. Hãy gửi lại toàn bộ.',
      en: 'The multipart body is broken or was cut off. Send all of it again.',
    },
  },
  'scope-missing': {
    status: 403,
    text: {
      vi: 'Tài khoản này không có quyền thực hiện thao tác này.',
      en: 'This account is not allowed to do this.',
    },
  },
  'foreign-host': {
    status: 403,
    text: {
      vi: 'Yêu cầu đến qua một tên máy chủ không được phép. Hãy khai báo tên đó trong HAIDANG_ALLOWED_HOSTS.',
      en: 'The request came through a host name that is not allowed. Name it in HAIDANG_ALLOWED_HOSTS.',
    },
  },
  'cross-site': {
    status: 403,
    text: {
      vi: 'Yêu cầu do một trang web khác gửi thay cho người dùng nên bị từ chối.',
      en: 'The request was sent by another web site on the user’s behalf and is refused.',
    },
  },
  csrf: {
    status: 403,
    text: {
      vi: 'Yêu cầu không mang mã chống giả mạo của phiên làm việc này. Hãy tải lại trang.',
      en: 'The request lacks this session’s token against forgery. Load the page again.',
    },
  },
  'not-found': {
    status: 404,
    text: {
      vi: 'Không có địa chỉ này.',
      en: 'There is no such address.',
    },
  },
  'too-large': {
    status: 413,
    text: {
      vi: 'Nội dung gửi lên vượt quá giới hạn kích thước.',
      en: 'The body is larger than allowed.',
    },
  },
  'wrong-media-type': {
    status: 415,
    text: {
      vi: 'Loại nội dung (Content-Type) này không được hỗ trợ ở địa chỉ này.',
      en: 'This Content-Type is not accepted at this address.',
    },
  },
  'too-many-requests': {
    status: 429,
    text: {
      vi: 'Quá nhiều yêu cầu từ cùng một người dùng hoặc hệ thống. Hãy chờ rồi gửi lại.',
      en: 'Too many requests of one user or system. Wait, then send it again.',
    },
  },
  internal: {
    status: 500,
    text: {
      vi: 'Đã xảy ra lỗi bên trong hệ thống. Hãy báo cho bộ phận CNTT kèm mã yêu cầu.',
      en: 'Something went wrong inside the service. Tell the IT department, with the request’s id.',
    },
  },
  busy: {
    status: 503,
    text: {
      vi: 'Hệ thống đang bận. Hãy gửi lại sau ít giây.',
      en: 'The service is busy. Send it again in a few seconds.',
    },
  },
});
