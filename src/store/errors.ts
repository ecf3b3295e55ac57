// Refusals of the store, as a catalogue.
import { defineErrors } from '#kernel/errors.ts';

export const storeErrors = defineErrors('store', {
  'already-there': {
    status: 409,
    text: {
      vi: 'Tên này đã được dùng.',
      en: 'This name is taken.',
    },
  },
  'conflicting-instance': {
    status: 409,
    text: {
      vi: 'Ảnh mang SOP Instance UID này đã được lưu với nội dung khác. Hãy kiểm tra thiết bị gửi: một UID chỉ được thuộc về một ảnh.',
      en: 'An image with this SOP Instance UID is already stored with other content. Check the sending device: one UID belongs to one image.',
    },
  },
  'conflicting-study': {
    status: 409,
    text: {
      vi: 'Ca chụp này đã được lưu cho một người bệnh khác. Hãy kiểm tra mã người bệnh ở thiết bị gửi.',
      en: 'This study is already stored for another patient. Check the patient ID at the sending device.',
    },
  },
  'study-changed': {
    status: 503,
    text: {
      vi: 'Thông tin của ca chụp đã được sửa trong khi phim đang được đọc; ca chụp sẽ được đọc lại.',
      en: 'The facts of the study were corrected while it was being read; it is read again.',
    },
  },
  'on-hold': {
    status: 409,
    text: {
      vi: 'Dữ liệu của người bệnh này đang được giữ theo yêu cầu pháp lý. Hãy gỡ lệnh giữ trước khi xóa.',
      en: 'The data of this person are under a legal hold. Release the hold before they are erased.',
    },
  },
  'role-above-policies': {
    status: 503,
    text: {
      vi: 'Tài khoản PostgreSQL trong DATABASE_URL vượt qua mọi chính sách theo dòng (SUPERUSER hoặc BYPASSRLS), nên các cơ sở không được cách ly với nhau. Hãy dùng tài khoản không có hai quyền này và sở hữu lược đồ, hoặc tài khoản được phép tạo vai trò haidang_service.',
      en: 'The PostgreSQL role in DATABASE_URL passes every row-level policy (SUPERUSER or BYPASSRLS), so nothing keeps facilities apart. Use a role without either that owns the schema, or one that may create the role haidang_service.',
    },
  },
  'folder-in-use': {
    status: 503,
    text: {
      vi: 'Thư mục dữ liệu đang được một tiến trình khác sử dụng. Hãy dừng tiến trình đó, hoặc chọn thư mục khác bằng HAIDANG_DATA_DIR.',
      en: 'The data folder is in use by another process. Stop that process, or name another folder with HAIDANG_DATA_DIR.',
    },
  },
  'database-too-old': {
    status: 503,
    text: {
      vi: 'Cơ sở dữ liệu thiếu phần mở rộng pgvector từ 0.8.0 trở lên.',
      en: 'The database lacks the extension pgvector 0.8.0 or later.',
    },
  },
  'migration-changed': {
    status: 503,
    text: {
      vi: 'Cấu trúc cơ sở dữ liệu không khớp với phiên bản chương trình này. Hãy dùng đúng phiên bản, hoặc khôi phục từ bản sao lưu.',
      en: 'The database structure does not match this version of the program. Use the matching version, or restore a backup.',
    },
  },
  'blobs-unreachable': {
    status: 503,
    text: {
      vi: 'Không truy cập được kho tệp dùng chung (HAIDANG_BLOBS). Hãy kiểm tra địa chỉ, quyền truy cập và gửi lại sau.',
      en: 'The shared store of files (HAIDANG_BLOBS) cannot be reached. Check its address and access, and send it again later.',
    },
  },
  'blob-missing': {
    status: 500,
    text: {
      vi: 'Không tìm thấy nội dung tệp đã lưu trong kho dữ liệu.',
      en: 'The stored content of a file is missing from the data folder.',
    },
  },
  'blob-damaged': {
    status: 500,
    text: {
      vi: 'Nội dung tệp trong kho dữ liệu không còn khớp với mã băm của nó.',
      en: 'The content of a file in the data folder no longer matches its hash.',
    },
  },
  'not-empty': {
    status: 409,
    text: {
      vi: 'Chỉ khôi phục vào nơi trống. Hãy chọn thư mục dữ liệu hoặc cơ sở dữ liệu chưa có gì.',
      en: 'A backup is restored into an empty place only. Name a data folder or database that holds nothing.',
    },
  },
  'backup-damaged': {
    status: 422,
    text: {
      vi: 'Tệp sao lưu bị hỏng hoặc bị cắt. Hãy dùng bản sao lưu khác.',
      en: 'The backup is damaged or cut off. Use another one.',
    },
  },
  'backup-newer': {
    status: 409,
    text: {
      vi: 'Bản sao lưu do phiên bản mới hơn tạo ra. Hãy cài phiên bản đó hoặc mới hơn rồi khôi phục.',
      en: 'The backup was made by a newer version. Install that version or a later one, then restore.',
    },
  },
  'other-folder': {
    status: 503,
    text: {
      vi: 'Thư mục dữ liệu không phải là thư mục của cơ sở dữ liệu này. Mọi tiến trình dùng chung một cơ sở dữ liệu phải dùng chung một thư mục.',
      en: 'The data folder is not the one of this database. All processes on one database must share one folder.',
    },
  },
  'disk-full': {
    status: 503,
    text: {
      vi: 'Ổ đĩa của hệ thống đã đầy nên chưa lưu được gì. Hãy báo cho bộ phận CNTT rồi gửi lại sau.',
      en: 'The disk of the service is full, so nothing was stored. Tell the IT department, and send it again later.',
    },
  },
  'read-only': {
    status: 503,
    text: {
      vi: 'Hệ thống chỉ đọc được, không ghi được dữ liệu. Hãy báo cho bộ phận CNTT rồi gửi lại sau.',
      en: 'The service can read its data but not write it. Tell the IT department, and send it again later.',
    },
  },
  'disk-failed': {
    status: 503,
    text: {
      vi: 'Ổ đĩa của hệ thống báo lỗi. Hãy báo cho bộ phận CNTT rồi gửi lại sau.',
      en: 'The disk of the service reports a fault. Tell the IT department, and send it again later.',
    },
  },
  unreachable: {
    status: 503,
    text: {
      vi: 'Hiện không kết nối được cơ sở dữ liệu. Hãy gửi lại sau ít giây.',
      en: 'The database cannot be reached at the moment. Send it again in a few seconds.',
    },
  },
  'too-slow': {
    status: 503,
    text: {
      vi: 'Cơ sở dữ liệu trả lời quá chậm. Hãy gửi lại sau ít giây.',
      en: 'The database took too long. Send it again in a few seconds.',
    },
  },
  'text-not-storable': {
    status: 400,
    text: {
      vi: 'Nội dung có ký tự mà cơ sở dữ liệu không lưu được (NUL hoặc nửa cặp ký tự thay thế).',
      en: 'A text holds a character that no database keeps: a NUL, or half of a surrogate pair.',
    },
  },
  'too-large': {
    status: 413,
    text: { vi: 'Tệp vượt quá kích thước cho phép.', en: 'The file is larger than allowed.' },
  },
  'not-found': {
    status: 404,
    text: { vi: 'Không tìm thấy bản ghi.', en: 'There is no such record.' },
  },
  'alert-changed': {
    status: 409,
    text: {
      vi: 'Cảnh báo vừa được người khác cập nhật. Hãy tải lại rồi thao tác tiếp.',
      en: 'Somebody else has just changed this alert. Reload it, then go on.',
    },
  },
  'lease-lost': {
    status: 409,
    text: {
      vi: 'Công việc này đã được giao cho tiến trình khác.',
      en: 'This job has been handed to another worker.',
    },
  },
  'wrong-facility': {
    status: 400,
    text: {
      vi: 'Bản ghi thuộc về cơ sở khác.',
      en: 'The record belongs to another facility.',
    },
  },
  'bad-identifier': {
    status: 400,
    text: {
      vi: 'Mã định danh không hợp lệ.',
      en: 'The identifier is not valid.',
    },
  },
  'not-finite': {
    status: 500,
    text: {
      vi: 'Véc-tơ đặc trưng chứa giá trị không phải số hữu hạn.',
      en: 'The embedding holds a value that is not a finite number.',
    },
  },
  'space-gaps': {
    status: 409,
    text: {
      vi: 'Một số phim chưa có véc-tơ của mô hình này; hãy bổ sung trước.',
      en: 'Some films have no vector of this model yet; fill them in first.',
    },
  },
  'wrong-dimensions': {
    status: 500,
    text: {
      vi: 'Véc-tơ đặc trưng có số chiều khác với không gian của nó.',
      en: 'The embedding has another number of dimensions than its space.',
    },
  },
});
