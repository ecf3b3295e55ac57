// Refusals of FHIR requests.
import { defineErrors } from '#kernel/errors.ts';

export const fhirErrors = defineErrors('fhir', {
  'not-found': {
    status: 404,
    text: {
      en: 'There is no resource with this id.',
      vi: 'Không có tài nguyên nào mang mã này.',
    },
  },
  'unknown-type': {
    status: 404,
    text: {
      en: 'This server does not have resources of this type; /fhir/metadata lists those that it has.',
      vi: 'Máy chủ này không có loại tài nguyên đó; /fhir/metadata liệt kê các loại hiện có.',
    },
  },
  'not-supported': {
    status: 405,
    text: {
      en: 'This server does not allow this interaction; its results are read, not written.',
      vi: 'Máy chủ này không cho phép thao tác đó; kết quả chỉ để đọc, không ghi được.',
    },
  },
  'not-acceptable': {
    status: 406,
    text: {
      en: 'Only JSON is spoken here (application/fhir+json).',
      vi: 'Ở đây chỉ hỗ trợ JSON (application/fhir+json).',
    },
  },
  'unknown-parameter': {
    status: 400,
    text: {
      en: 'This search parameter is not known here, and Prefer: handling=strict asks for a refusal.',
      vi: 'Tham số tìm kiếm này không được hỗ trợ, và Prefer: handling=strict yêu cầu từ chối.',
    },
  },
  'bad-parameter': {
    status: 400,
    text: {
      en: 'The value of a search parameter cannot be read, or cannot be answered here.',
      vi: 'Giá trị của một tham số tìm kiếm không đọc được hoặc không trả lời được ở đây.',
    },
  },
  'bad-resource': {
    status: 400,
    text: {
      en: 'The resource is not valid: the element named here is missing, unknown or of the wrong type.',
      vi: 'Tài nguyên không hợp lệ: phần tử được nêu tên bị thiếu, không được biết hoặc sai kiểu.',
    },
  },
  unprocessable: {
    status: 422,
    text: {
      en: 'The resource can be read but not be accepted here, for the reason given.',
      vi: 'Tài nguyên đọc được nhưng không được chấp nhận ở đây vì lý do đã nêu.',
    },
  },
  'no-patient': {
    status: 422,
    text: {
      en: 'The Bundle must hold exactly one Patient.',
      vi: 'Bundle phải chứa đúng một Patient.',
    },
  },
  'wrong-media-type': {
    status: 415,
    text: {
      en: 'Send application/fhir+json or application/json.',
      vi: 'Hãy gửi application/fhir+json hoặc application/json.',
    },
  },
  'form-needed': {
    status: 415,
    text: {
      en: 'Send the search as application/x-www-form-urlencoded.',
      vi: 'Hãy gửi yêu cầu tìm kiếm ở dạng application/x-www-form-urlencoded.',
    },
  },
  'no-assessment': {
    status: 501,
    text: {
      en: 'No risk equations are served by this installation.',
      vi: 'Bản cài đặt này không cung cấp công thức tính nguy cơ nào.',
    },
  },
  'bad-settings': {
    status: 500,
    text: {
      en: 'A FHIR setting of the site does not fit; the field named here must be corrected.',
      vi: 'Một thiết lập FHIR của cơ sở không hợp lệ; hãy sửa trường được nêu tên.',
    },
  },
});
