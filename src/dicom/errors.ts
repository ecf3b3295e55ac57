// Every way in which a DICOM file can be refused, each with its own code.
import { defineErrors } from '#kernel/errors.ts';

export const dicomErrors = defineErrors('dicom', {
  unreadable: {
    status: 400,
    text: { vi: 'Không mở được tệp.', en: 'The file cannot be opened.' },
  },
  'not-dicom': {
    status: 415,
    text: { vi: 'Tệp không phải là DICOM.', en: 'The file is not DICOM.' },
  },
  truncated: {
    status: 422,
    text: {
      vi: 'Tệp DICOM bị cắt cụt; hãy gửi lại từ máy chụp hoặc PACS.',
      en: 'The DICOM file is cut short; send it again from the modality or the PACS.',
    },
  },
  'broken-dataset': {
    status: 422,
    text: {
      vi: 'Cấu trúc dữ liệu DICOM bị hỏng.',
      en: 'The structure of the DICOM data set is broken.',
    },
  },
  'too-large': {
    status: 413,
    text: {
      vi: 'Dữ liệu DICOM sau khi giải nén quá lớn để xử lý.',
      en: 'The DICOM data are too large to be processed once they are unpacked.',
    },
  },
  'unknown-transfer-syntax': {
    status: 415,
    text: { vi: 'Cú pháp truyền (Transfer Syntax) không rõ.', en: 'The transfer syntax is not known.' },
  },
  'unsupported-transfer-syntax': {
    status: 415,
    text: {
      vi: 'Cú pháp truyền (Transfer Syntax) này không được hỗ trợ.',
      en: 'This transfer syntax is not supported.',
    },
  },
  'jpeg-xl': {
    status: 415,
    text: {
      vi: 'Ảnh nén JPEG XL không được hỗ trợ; hãy gửi bằng cú pháp truyền khác.',
      en: 'JPEG XL images are not supported; send the image in another transfer syntax.',
    },
  },
  video: {
    status: 415,
    text: {
      vi: 'Tệp chứa video, không phải ảnh tĩnh.',
      en: 'The file holds a video, not still images.',
    },
  },
  'missing-tag': {
    status: 422,
    text: { vi: 'Thiếu một thẻ DICOM bắt buộc.', en: 'A required DICOM tag is missing.' },
  },
  'bad-tag': {
    status: 422,
    text: { vi: 'Một thẻ DICOM có giá trị không hợp lệ.', en: 'A DICOM tag has a value that is not valid.' },
  },
  'no-pixel-data': {
    status: 422,
    text: { vi: 'Tệp DICOM không có dữ liệu ảnh.', en: 'The DICOM file has no pixel data.' },
  },
  'unsupported-pixels': {
    status: 422,
    text: {
      vi: 'Kiểu dữ liệu điểm ảnh này không được hỗ trợ.',
      en: 'This kind of pixel data is not supported.',
    },
  },
  'absurd-bits': {
    status: 422,
    text: {
      vi: 'Số bit của điểm ảnh (Bits Allocated, Bits Stored, High Bit) không hợp lý.',
      en: 'The bits of a pixel (Bits Allocated, Bits Stored, High Bit) make no sense.',
    },
  },
  'absurd-size': {
    status: 422,
    text: {
      vi: 'Kích thước ảnh hoặc số khung hình không hợp lý.',
      en: 'The size of the image or its number of frames makes no sense.',
    },
  },
  'size-mismatch': {
    status: 422,
    text: {
      vi: 'Ảnh nén không khớp với kích thước, số bit hoặc số kênh màu ghi trong thẻ DICOM.',
      en: 'The pixel data do not match the size, bits or colour channels in the DICOM tags.',
    },
  },
  'missing-frames': {
    status: 422,
    text: {
      vi: 'Số khung hình trong tệp ít hơn hoặc khác với số ghi trong thẻ DICOM.',
      en: 'The file holds fewer or other frames than its tags say.',
    },
  },
  'broken-fragments': {
    status: 422,
    text: {
      vi: 'Các đoạn dữ liệu ảnh nén bị hỏng.',
      en: 'The fragments of the compressed pixel data are broken.',
    },
  },
  'broken-stream': {
    status: 422,
    text: {
      vi: 'Dòng dữ liệu ảnh nén bị hỏng, không giải mã được.',
      en: 'The compressed image is broken and cannot be decoded.',
    },
  },
  'burned-in-text': {
    status: 422,
    text: {
      vi: 'Ảnh có thể mang chữ ghi sẵn (tên người bệnh); cần người xem trước khi bỏ thông tin định danh.',
      en: 'The picture may hold burned-in text (a name); a person must look before it is de-identified.',
    },
  },
});
