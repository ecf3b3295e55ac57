// Refusals of CDS Hooks calls.
import { defineErrors } from '#kernel/errors.ts';

export const cdsHooksErrors = defineErrors('cds-hooks', {
  'bad-request': {
    status: 400,
    text: {
      en: 'The CDS Hooks request is not valid: the key named here is missing, null or of the wrong type.',
      vi: 'Yêu cầu CDS Hooks không hợp lệ: khóa được nêu tên bị thiếu, là null hoặc sai kiểu.',
    },
  },
  'unknown-service': {
    status: 404,
    text: {
      en: 'There is no CDS service with this id; /cds-services lists them.',
      vi: 'Không có dịch vụ CDS với mã này; danh sách nằm ở /cds-services.',
    },
  },
  'wrong-method': {
    status: 405,
    text: {
      en: 'This address does not take this method; the Allow header lists those that it takes.',
      vi: 'Địa chỉ này không nhận phương thức này; tiêu đề Allow liệt kê các phương thức được nhận.',
    },
  },
  'data-unavailable': {
    status: 412,
    text: {
      en: 'Nothing is stored for this patient, no prefetch came, and the FHIR server cannot be asked: there is nothing to assess.',
      vi: 'Chưa lưu gì về người bệnh này, không có dữ liệu prefetch và không truy vấn được máy chủ FHIR: không có dữ liệu để đánh giá.',
    },
  },
  unauthorised: {
    status: 401,
    text: {
      en: 'The caller did not prove who it is: a signed token of a registered CDS client is needed.',
      vi: 'Chưa xác thực được bên gọi: cần mã thông báo có chữ ký của một CDS client đã đăng ký.',
    },
  },
});
