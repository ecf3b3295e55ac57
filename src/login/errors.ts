// Refusals of logins, accounts and keys.
import { defineErrors } from '#kernel/errors.ts';

export const loginErrors = defineErrors('login', {
  'wrong-password': {
    status: 401,
    text: {
      vi: 'Tên đăng nhập hoặc mật khẩu không đúng.',
      en: 'The login or the password is wrong.',
    },
  },
  'code-used': {
    status: 401,
    text: {
      vi: 'Liên kết đăng nhập một lần đã được dùng hoặc đã hết hạn. Hãy khởi động lại dịch vụ để có liên kết mới, hoặc tạo tài khoản bằng haidang users add.',
      en: 'The one-time link was used or has run out. Start the service again for a new one, or make an account with haidang users add.',
    },
  },
  'must-change': {
    status: 403,
    text: {
      vi: 'Mật khẩu này do quản trị viên đặt. Hãy chọn mật khẩu mới.',
      en: 'The administrator set this password. Choose another one.',
    },
  },
  'too-many-attempts': {
    status: 429,
    text: {
      vi: 'Sai quá nhiều lần. Hãy chờ rồi thử lại.',
      en: 'Too many wrong attempts. Wait, then try again.',
    },
  },
  'weak-password': {
    status: 422,
    text: {
      vi: 'Mật khẩu mới phải có ít nhất 12 ký tự, khác tên đăng nhập và khác mật khẩu cũ.',
      en: 'The new password needs at least 12 characters and differs from the login and the old password.',
    },
  },
  'no-role': {
    status: 403,
    text: {
      vi: 'Tài khoản này không có vai trò nào ở hệ thống Hải Đăng. Hãy nhờ quản trị viên cấp vai trò.',
      en: 'This account has no role in Haidang. Ask the administrator for one.',
    },
  },
  'provider-failed': {
    status: 502,
    text: {
      vi: 'Máy chủ đăng nhập của bệnh viện không trả lời đúng. Hãy thử lại, hoặc báo bộ phận CNTT.',
      en: 'The hospital’s login server did not answer rightly. Try again, or tell the IT department.',
    },
  },
  'login-expired': {
    status: 400,
    text: {
      vi: 'Phiên đăng nhập này đã quá hạn hoặc không bắt đầu ở đây. Hãy đăng nhập lại.',
      en: 'This login has run out or did not begin here. Log in again.',
    },
  },
});
