// Errors of the HisPro doors, and of requests to HisPro.
import { defineErrors } from '#kernel/errors.ts';

export const hisproErrors = defineErrors('hispro', {
  'bad-request': {
    status: 400,
    text: {
      en: 'The CheckDrug request is not valid: the key named here has the wrong type.',
      vi: 'Yêu cầu CheckDrug không hợp lệ: khóa được nêu tên sai kiểu.',
    },
  },
  'address-not-allowed': {
    status: 403,
    text: {
      en: 'This address is not on the list of HisPro workstations and servers.',
      vi: 'Địa chỉ này không nằm trong danh sách máy trạm và máy chủ HisPro được phép.',
    },
  },
  'no-receiver': {
    status: 422,
    text: {
      en: 'A HisPro notice without a receiver would be shown to every user of the hospital; it was not sent.',
      vi: 'Thông báo HisPro không có người nhận sẽ hiện cho toàn bộ người dùng của bệnh viện nên không được gửi.',
    },
  },
  unreachable: {
    status: 502,
    text: {
      en: 'HisPro could not be reached, or did not answer in time.',
      vi: 'Không kết nối được tới HisPro hoặc HisPro trả lời quá chậm.',
    },
  },
  refused: {
    status: 502,
    text: {
      en: 'HisPro answered, but reports that it did not do what was asked.',
      vi: 'HisPro có trả lời nhưng báo không thực hiện được yêu cầu.',
    },
  },
  login: {
    status: 502,
    text: {
      en: 'HisPro did not accept the login of this service.',
      vi: 'HisPro không chấp nhận tài khoản của hệ thống này.',
    },
  },
  'not-configured': {
    status: 409,
    text: {
      en: 'Where HisPro is and as whom to log in is not written in the site file (hispro.servers, hispro.account).',
      vi: 'Tệp cấu hình của bệnh viện chưa ghi địa chỉ và tài khoản HisPro (hispro.servers, hispro.account).',
    },
  },
  'link-expired': {
    status: 403,
    text: {
      en: 'This link has run out or is not valid. Open it again from the hospital system.',
      vi: 'Đường dẫn đã hết hạn hoặc không hợp lệ. Hãy mở lại từ phần mềm bệnh viện.',
    },
  },
  'session-unknown': {
    status: 404,
    text: {
      en: 'This check is not known or has run out. Close the window and enter the drug again.',
      vi: 'Phiên kiểm tra không tồn tại hoặc đã hết hạn. Hãy đóng cửa sổ và nhập lại thuốc.',
    },
  },
});
