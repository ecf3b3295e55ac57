// Writes docs/compliance: the technical file, operation log, human oversight and impact assessment that Viet Nam's laws on personal data, on artificial
// intelligence and on electronic records ask for, from what the program is and does. What only the hospital knows is a line with ☐.
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Sentence } from '#kernel/errors.ts';
import { PERSON_TABLES } from '#store/upkeep/person-data.ts';

const LANGUAGES = ['en', 'vi'] as const;
type Language = (typeof LANGUAGES)[number];

const sentence = z.object({ vi: z.string(), en: z.string() });
const modelFile = z.object({
  id: z.string(),
  version: z.string(),
  title: sentence,
  licence: z.string(),
  files: z.array(z.object({ precision: z.string(), sha256: z.string() })),
  heads: z.array(z.object({ title: sentence, code: z.string() })),
});
const equationFile = z.object({
  id: z.string(),
  version: z.string(),
  title: sentence,
  outcome: sentence,
  population: z.object({ text: sentence }),
  vietNam: z.object({ text: sentence }),
});

const parsed = <T>(pattern: string, schema: z.ZodType<T>): readonly T[] =>
  globSync(pattern)
    .toSorted()
    .map((file) => schema.parse(JSON.parse(readFileSync(file, 'utf8'))));

/** The first word of an action of the audit trail: what it is about. A test compares the list with the source. */
export const AUDIT_SUBJECTS: Readonly<Record<string, Sentence>> = {
  account: {
    en: 'A local account was made, changed, locked or disabled',
    vi: 'Tài khoản cục bộ được tạo, thay đổi, khóa hoặc ngừng',
  },
  alert: {
    en: 'An alert was raised, seen, answered, escalated or ran out',
    vi: 'Cảnh báo được phát, được xem, được trả lời, chuyển cấp hoặc hết hạn',
  },
  assessment: { en: 'A risk was computed and kept', vi: 'Một nguy cơ được tính và lưu' },
  access: {
    en: 'A request that its caller may not make was refused: who, from which address, which route, how often',
    vi: 'Một yêu cầu bị từ chối vì không có quyền: ai, từ địa chỉ nào, đường dẫn nào, bao nhiêu lần',
  },
  credentials: {
    en: 'A password, code, key or token was refused: for which account, from which address, how often',
    vi: 'Mật khẩu, mã hoặc khóa bị từ chối: của tài khoản nào, từ địa chỉ nào, bao nhiêu lần',
  },
  emergency: {
    en: 'A clinician opened one person’s records of another facility with a reason, and each look at them',
    vi: 'Nhân viên y tế mở khẩn cấp hồ sơ một người ở cơ sở khác kèm lý do, và từng lần xem',
  },
  fhir: { en: 'A record was read through FHIR', vi: 'Hồ sơ được đọc qua FHIR' },
  hl7v2: { en: 'An HL7 message was taken', vi: 'Một bản tin HL7 được nhận' },
  instance: {
    en: 'An image was accepted, corrected or restored',
    vi: 'Ảnh được nhận, được sửa thông tin hoặc khôi phục',
  },
  key: { en: 'A key of a system was made or revoked', vi: 'Khóa của hệ thống khác được tạo hoặc thu hồi' },
  measurements: { en: 'Results were imported', vi: 'Kết quả xét nghiệm được nhập' },
  message: { en: 'A message to another system was sent again by a person', vi: 'Một người cho gửi lại bản tin' },
  model: {
    en: 'A model or equation was added, replaced, removed or refused, found at the start or at a reload; with the SHA-256 of old and new',
    vi: 'Mô hình hoặc công thức được thêm, thay, gỡ hoặc bị từ chối, phát hiện khi khởi động hay khi nạp lại; kèm SHA-256 cũ và mới',
  },
  note: { en: 'A rejection note withdrew images', vi: 'Bản từ chối ảnh đã rút ảnh' },
  person: {
    en: 'The data of a person were erased, held or released',
    vi: 'Dữ liệu của một người được xóa, giữ hoặc gỡ giữ',
  },
  prescription: { en: 'A prescription check was answered', vi: 'Việc kiểm tra đơn thuốc được xác nhận' },
  prior: { en: 'A fetched earlier film was removed', vi: 'Phim cũ lấy về được xóa' },
  reading: { en: 'A reading was committed, its maps checked', vi: 'Kết quả đọc được lưu, bản đồ được kiểm tra' },
  record: {
    en: 'A record of a patient was read: by whom, through which address',
    vi: 'Hồ sơ người bệnh được xem: ai xem, qua địa chỉ nào',
  },
  session: { en: 'Somebody logged in or out', vi: 'Có người đăng nhập hoặc đăng xuất' },
  similar: {
    en: 'The search for similar cases was switched to another model’s space, or back',
    vi: 'Việc tìm ca tương tự chuyển sang không gian của mô hình khác, hoặc trở lại',
  },
  silence: { en: 'A finding raised no alert, with the reason', vi: 'Dấu hiệu không phát cảnh báo, kèm lý do' },
  silent: {
    en: 'A model that is tried beside the live one read a study',
    vi: 'Mô hình đang thử bên cạnh mô hình chính đã đọc một ca',
  },
  study: {
    en: 'A study was opened, closed, labelled, corrected or withdrawn',
    vi: 'Ca chụp được mở, đóng, gắn nhãn, sửa hoặc rút',
  },
  settings: {
    en: 'Settings were recorded at the first start, and every later difference that a start found',
    vi: 'Cài đặt được ghi lúc khởi động lần đầu, và mọi khác biệt mà lần khởi động sau phát hiện',
  },
  subscription: { en: 'Another system subscribed to alerts', vi: 'Hệ thống khác đăng ký nhận cảnh báo' },
};

/** Actions that the source writes, as `subject.verb`; `subject.*` where the verb is a variable, such as what happened to an alert. */
export function auditActions(): readonly string[] {
  const text = globSync('src/**/*.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const fixed = text.matchAll(/(?:action: |audited\(tx, |note\()'([a-z0-9]+\.[a-z-]+)'/g);
  const open = text.matchAll(/action: `([a-z0-9]+)\.\$\{/g);
  const found = [...[...fixed].map(([, action = '']) => action), ...[...open].map(([, subject]) => `${subject}.*`)];
  return [...new Set(found)].toSorted();
}

/** What a table of personal data holds. A test compares the list with the tables that are exported and erased. */
export const TABLE_CONTENTS: Readonly<Record<string, Sentence>> = {
  study: {
    en: 'who, when, which examination: patient number, name, birth date, sex, accession number',
    vi: 'ai, khi nào, khám gì: mã người bệnh, họ tên, ngày sinh, giới, số phiếu chỉ định',
  },
  instance: {
    en: 'images: technical facts; the film itself is a file',
    vi: 'ảnh: thông tin kỹ thuật; phim là một tệp',
  },
  instance_version: { en: 'images that a resend replaced', vi: 'ảnh đã được thay bằng bản gửi lại' },
  rejection_note: { en: 'notes that withdraw images', vi: 'bản từ chối ảnh' },
  rejection: { en: 'images named by such a note', vi: 'ảnh bị từ chối' },
  reading: { en: 'what the model found, with provenance', vi: 'kết quả của mô hình, kèm nguồn gốc' },
  finding: { en: 'probability and decision of each finding', vi: 'xác suất và quyết định của từng dấu hiệu' },
  heatmap: { en: 'maps of findings', vi: 'bản đồ nhiệt của dấu hiệu' },
  embedding: { en: 'a vector of the film, for similar cases', vi: 'vectơ của phim để tìm ca tương tự' },
  alert: { en: 'alerts with their receivers', vi: 'cảnh báo và người nhận' },
  alert_event: { en: 'answers to alerts: who, when, with which reason', vi: 'trả lời cảnh báo: ai, khi nào, lý do' },
  silence: { en: 'why no alert was raised', vi: 'lý do không phát cảnh báo' },
  silent_reading: {
    en: 'what a model that is tried beside the live one said of a film; no clinician sees it',
    vi: 'kết quả của mô hình đang thử bên cạnh mô hình chính; bác sĩ không xem',
  },
  study_label: { en: 'what a person said of a finding', vi: 'ý kiến của người đọc về dấu hiệu' },
  assessment: { en: 'risks with their inputs and contributions', vi: 'nguy cơ cùng dữ liệu vào và phần đóng góp' },
  measurement: {
    en: 'vital signs, laboratory values, and diagnoses of HL7 and claim files',
    vi: 'sinh hiệu, kết quả xét nghiệm, và chẩn đoán từ HL7 và hồ sơ giám định',
  },
  report: {
    en: 'imported reports of imaging and functional tests',
    vi: 'kết quả chẩn đoán hình ảnh, thăm dò chức năng được nhập',
  },
  job: { en: 'work that waits', vi: 'việc đang chờ' },
  outbox: { en: 'messages to other systems', vi: 'bản tin tới hệ thống khác' },
  record: {
    en: 'orders, persons as the HIS knows them, sessions',
    vi: 'chỉ định, thông tin người bệnh theo HIS, phiên làm việc',
  },
};

const say = (language: Language, en: string, vi: string): string => (language === 'en' ? en : vi);
const fill = (language: Language, en: string, vi: string): string => `- ☐ ${say(language, en, vi)}`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((cells) => `| ${cells.join(' | ')} |`),
];

function modelTable(l: Language): readonly string[] {
  return table(
    [
      say(l, 'model', 'mô hình'),
      say(l, 'version', 'phiên bản'),
      say(l, 'findings', 'dấu hiệu'),
      'SHA-256',
      say(l, 'card', 'hồ sơ'),
    ],
    parsed('models/cxr-*/model.json', modelFile).map((model) => [
      model.title[l],
      model.version,
      model.heads.map(({ title }) => title[l]).join(', '),
      model.files.map(({ precision, sha256 }) => `${precision} \`${sha256.slice(0, 12)}…\``).join(', '),
      `[${model.id}](../../models/${model.id}/card.md)`,
    ]),
  );
}

function technicalFile(l: Language): readonly string[] {
  const equations = parsed('models/risk-*/equation.json', equationFile);
  return [
    say(l, '## What the system is', '## Hệ thống là gì'),
    say(
      l,
      'Decision support: it orders a worklist, points at places on chest films, computes published risk equations and shows its reasons. It decides nothing and finalises nothing. It is research software and not a registered medical device.',
      'Hỗ trợ quyết định: sắp thứ tự danh sách đọc phim, chỉ ra vùng đáng chú ý trên phim ngực, tính các phương trình nguy cơ đã công bố và nêu lý do. Hệ thống không quyết định và không chốt kết quả nào. Đây là phần mềm nghiên cứu, không phải thiết bị y tế đã đăng ký.',
    ),
    '',
    say(l, '## Imaging models', '## Mô hình hình ảnh'),
    ...modelTable(l),
    '',
    say(
      l,
      'Each card holds the intended use, what the model must not be used for, training data, figures with 95 % intervals per source, and limits.',
      'Mỗi hồ sơ nêu mục đích sử dụng, điều không được dùng, dữ liệu huấn luyện, số liệu với khoảng tin cậy 95 % theo từng nguồn, và giới hạn.',
    ),
    '',
    say(l, '## Risk equations', '## Phương trình nguy cơ'),
    ...table(
      [
        say(l, 'equation', 'phương trình'),
        say(l, 'predicts', 'dự báo'),
        say(l, 'for whom', 'cho ai'),
        say(l, 'in Viet Nam', 'tại Việt Nam'),
      ],
      equations.map((one) => [
        `[${one.title[l]}](../../models/risk-${one.id}/card.md)`,
        one.outcome[l],
        one.population.text[l],
        one.vietNam.text[l],
      ]),
    ),
    '',
    say(l, '## How it is built and checked', '## Cách xây dựng và kiểm tra'),
    say(
      l,
      '[Architecture](../architecture.md), [decisions](../decisions.md), [interfaces](../settings.md), [DICOM conformance](../dicom-conformance.md), [who may do what](../access.md), [errors](../../ERRORS.md). `npm test` and `.ci/run` run every check; `haidang models verify` shows that each model reproduces its golden outputs on this machine; `npm run sbom` lists every package with its licence.',
      '[Kiến trúc](../architecture.md), [quyết định](../decisions.md), [kết nối](../settings.md), [tuyên bố tuân thủ DICOM](../dicom-conformance.md), [ai được làm gì](../access.md), [mã lỗi](../../ERRORS.md). `npm test` và `.ci/run` chạy mọi kiểm tra; `haidang models verify` cho thấy mỗi mô hình cho đúng kết quả mẫu trên máy này; `npm run sbom` liệt kê mọi gói phần mềm và giấy phép.',
    ),
    '',
    say(l, '## To be filled in', '## Cần điền'),
    fill(
      l,
      'Provider and deployer: names, addresses, responsible person',
      'Bên cung cấp và bên triển khai: tên, địa chỉ, người chịu trách nhiệm',
    ),
    fill(
      l,
      'Risk class that the provider declares, and the conformity assessment',
      'Mức rủi ro do bên cung cấp tự phân loại, và đánh giá sự phù hợp',
    ),
    fill(
      l,
      'Version in use and date of installation (`/health/ready`, `npm run sbom`)',
      'Phiên bản đang dùng và ngày cài đặt (`/health/ready`, `npm run sbom`)',
    ),
    fill(
      l,
      "Validation on this hospital's own films (`haidang evaluate`) and the decision about operating points",
      'Kiểm định trên phim của bệnh viện (`haidang evaluate`) và quyết định về ngưỡng',
    ),
  ];
}

function operationLog(l: Language): readonly string[] {
  const actions = auditActions();
  return [
    say(l, '## What is recorded', '## Ghi những gì'),
    say(
      l,
      'Every entry has time, user, action and subject, stands in a chain of hashes and cannot be changed. It names no person.',
      'Mỗi mục có thời điểm, người dùng, hành động và đối tượng, nằm trong một chuỗi băm và không sửa được. Mục không chứa tên người bệnh.',
    ),
    '',
    ...table(
      [say(l, 'subject', 'đối tượng'), say(l, 'what happened', 'việc xảy ra'), say(l, 'actions', 'hành động')],
      Object.entries(AUDIT_SUBJECTS).map(([subject, text]) => [
        subject,
        text[l],
        actions
          .filter((action) => action.startsWith(`${subject}.`))
          .map((action) => `\`${action}\``)
          .join(' '),
      ]),
    ),
    '',
    say(l, '## How it is checked', '## Cách kiểm tra'),
    say(
      l,
      '`haidang audit verify` walks the whole chain and names each entry that was edited, taken out or cut off, and each stored result that no longer is what was committed. Every result carries its provenance: hash of the input, model, version, SHA-256, provider, precision, calibration and thresholds.',
      '`haidang audit verify` duyệt toàn bộ chuỗi và nêu từng mục bị sửa, bị lấy đi hay bị cắt, và từng kết quả không còn đúng như khi lưu. Mỗi kết quả mang nguồn gốc: mã băm dữ liệu vào, mô hình, phiên bản, SHA-256, phần cứng, độ chính xác, hiệu chuẩn và ngưỡng.',
    ),
    '',
    say(
      l,
      'The technical log (standard error, JSON lines) holds fixed words and ids only; a test searches it for every name and number of an invented person.',
      'Nhật ký kỹ thuật (luồng lỗi chuẩn, dòng JSON) chỉ có từ cố định và định danh; một kiểm thử tìm trong đó mọi tên và số của một người bịa ra.',
    ),
    '',
    say(l, '## To be filled in', '## Cần điền'),
    fill(
      l,
      'How long the log is kept, and where the head of the chain is kept outside this machine',
      'Thời gian lưu nhật ký, và nơi giữ mã cuối của chuỗi ngoài máy này',
    ),
    fill(l, 'Who reviews it, how often', 'Ai xem xét, bao lâu một lần'),
  ];
}

function humanOversight(l: Language): readonly string[] {
  const rows: readonly (readonly [Sentence, Sentence, Sentence])[] = [
    [
      { en: 'order of the worklist', vi: 'thứ tự danh sách đọc phim' },
      { en: 'radiologist', vi: 'bác sĩ chẩn đoán hình ảnh' },
      {
        en: 'every film is read by a person; no model moves a study below what was asked for',
        vi: 'mọi phim đều do người đọc; không mô hình nào hạ một ca xuống dưới mức được yêu cầu',
      },
    ],
    [
      { en: 'finding with its map', vi: 'dấu hiệu và bản đồ' },
      { en: 'radiologist', vi: 'bác sĩ chẩn đoán hình ảnh' },
      {
        en: 'agree, disagree, add a missed finding; maps that were not faithful are not shown',
        vi: 'đồng ý, không đồng ý, thêm dấu hiệu bị sót; bản đồ không trung thực không được hiển thị',
      },
    ],
    [
      { en: 'alert', vi: 'cảnh báo' },
      { en: 'physician or nurse', vi: 'bác sĩ hoặc điều dưỡng' },
      {
        en: 'acknowledge, or override with a reason; a critical one escalates until a person answers',
        vi: 'xác nhận, hoặc bác bỏ kèm lý do; cảnh báo nguy kịch được chuyển cấp đến khi có người trả lời',
      },
    ],
    [
      { en: 'risk of an equation', vi: 'nguy cơ theo phương trình' },
      { en: 'physician', vi: 'bác sĩ điều trị' },
      {
        en: 'shown with inputs, missing inputs, contributions and population; an interval where an input is missing',
        vi: 'hiển thị cùng dữ liệu vào, dữ liệu thiếu, phần đóng góp và quần thể áp dụng; là một khoảng khi thiếu dữ liệu',
      },
    ],
    [
      { en: 'report to PACS, HIS, FHIR', vi: 'kết quả gửi PACS, HIS, FHIR' },
      { en: 'radiologist', vi: 'bác sĩ chẩn đoán hình ảnh' },
      {
        en: 'always preliminary and unverified; only a person signs',
        vi: 'luôn là kết quả sơ bộ, chưa xác nhận; chỉ người mới ký',
      },
    ],
  ];
  return [
    say(l, '## Who decides', '## Ai quyết định'),
    ...table(
      [say(l, 'output', 'đầu ra'), say(l, 'who decides', 'người quyết định'), say(l, 'how', 'cách thức')],
      rows.map((cells) => cells.map((cell) => cell[l])),
    ),
    '',
    say(l, '## When it is wrong or silent', '## Khi sai hoặc im lặng'),
    say(
      l,
      'Each result is *assessed*, *not assessed, because …* or *failed*; nothing else reaches a reader. When a fact is withdrawn or corrected, what was concluded from it is superseded at every receiver. `HAIDANG_CXR_MODEL` or a stopped service takes the model out at once; films and readers go on without it. [Alarms](../operations/alarms.en.md) call a person.',
      'Mỗi kết quả là *đã đánh giá*, *không đánh giá, vì …* hoặc *lỗi*; ngoài ra không có gì đến người đọc. Khi một dữ kiện bị rút hoặc sửa, kết luận dựa vào đó được thay ở mọi nơi nhận. Dừng dịch vụ là ngừng mô hình ngay; phim và người đọc vẫn làm việc bình thường. [Cảnh báo vận hành](../operations/alarms.vi.md) gọi người trực.',
    ),
    '',
    say(l, '## To be filled in', '## Cần điền'),
    fill(l, 'Named persons for each row above, and their deputies', 'Tên người phụ trách từng dòng trên và người thay'),
    fill(
      l,
      'Training held (docs/training), with dates and names',
      'Các buổi đào tạo (docs/training), ngày và người dự',
    ),
    fill(
      l,
      'How often thresholds, overrides and missed findings are reviewed, and by whom',
      'Bao lâu xem xét ngưỡng, lý do bác bỏ và dấu hiệu bị sót, và ai xem xét',
    ),
  ];
}

const RISKS_AND_MEASURES: readonly (readonly [Sentence, Sentence])[] = [
  [
    { en: 'A film or value of another person', vi: 'Phim hoặc kết quả của người khác' },
    {
      en: 'a study keeps its patient; conflicting data are refused',
      vi: 'mỗi ca giữ nguyên người bệnh; dữ liệu mâu thuẫn bị từ chối',
    },
  ],
  [
    { en: 'Data leave the hospital', vi: 'Dữ liệu ra khỏi bệnh viện' },
    {
      en: 'no connection that the settings do not name (a test records them all); research exports are de-identified',
      vi: 'không kết nối nào ngoài cài đặt (có kiểm thử ghi lại mọi kết nối); dữ liệu nghiên cứu được khử định danh',
    },
  ],
  [
    { en: 'Somebody reads who should not', vi: 'Người không có quyền xem' },
    {
      en: 'login, roles and scopes at every address; every question names its facility; on PostgreSQL row-level security binds the service’s own session as well (the session of the embedded database is its owner’s, whom no policy binds: one facility per installation there)',
      vi: 'đăng nhập, vai trò và quyền ở mọi địa chỉ; mọi câu hỏi đều nêu cơ sở của mình; trên PostgreSQL, chính sách theo dòng ràng buộc cả phiên của dịch vụ (phiên của bản nhúng là của chủ sở hữu, không chính sách nào ràng buộc: mỗi bản cài đặt nhúng chỉ nên có một cơ sở)',
    },
  ],
  [
    { en: 'A wrong result is believed', vi: 'Tin vào kết quả sai' },
    {
      en: 'calibrated probabilities at a declared prevalence, reasons, limits, cautions; a person decides',
      vi: 'xác suất được hiệu chuẩn theo tỷ lệ hiện mắc công bố, lý do, giới hạn, lưu ý; người quyết định',
    },
  ],
  [
    { en: 'A group is served worse', vi: 'Một nhóm người bị kết quả kém hơn' },
    {
      en: 'figures by age, sex, view, device and source in the model card and in `haidang evaluate`',
      vi: 'số liệu theo tuổi, giới, tư thế, thiết bị và nguồn trong hồ sơ mô hình và `haidang evaluate`',
    },
  ],
  [
    { en: 'Data are lost or edited', vi: 'Mất hoặc sửa dữ liệu' },
    {
      en: 'stored before it is acknowledged, backup and restore, append-only evidence, hash chain',
      vi: 'lưu trước khi xác nhận, sao lưu và khôi phục, bằng chứng chỉ thêm, chuỗi băm',
    },
  ],
];

function impactAssessment(l: Language): readonly string[] {
  return [
    say(l, '## Which data, what for', '## Dữ liệu nào, để làm gì'),
    say(
      l,
      'Health data of patients: films, measurements, diagnoses. Purpose: support of diagnosis and early warning in this hospital. `haidang person export` hands over, and `haidang person erase` deletes, the rows of one person in these tables and their films:',
      'Dữ liệu sức khỏe của người bệnh: phim, kết quả, chẩn đoán. Mục đích: hỗ trợ chẩn đoán và cảnh báo sớm tại bệnh viện. `haidang person export` trao lại, và `haidang person erase` xóa, các dòng của một người trong các bảng sau cùng phim của họ:',
    ),
    '',
    ...table(
      [say(l, 'table', 'bảng'), say(l, 'content', 'nội dung')],
      PERSON_TABLES.map((name) => [`\`${name}\``, TABLE_CONTENTS[name]?.[l] ?? '']),
    ),
    '',
    say(l, '## Who receives data', '## Ai nhận dữ liệu'),
    say(
      l,
      'Only systems that the site file and the settings name ([settings](../settings.md), [site file](../site.md)): HIS, PACS, FHIR server, HL7 receiver, webhook, mail server. None by default.',
      'Chỉ các hệ thống có tên trong tệp của bệnh viện và cài đặt ([cài đặt](../settings.md), [tệp bệnh viện](../site.md)): HIS, PACS, máy chủ FHIR, nơi nhận HL7, webhook, máy chủ thư. Mặc định không có.',
    ),
    '',
    say(l, '## Risks and measures', '## Rủi ro và biện pháp'),
    ...table(
      [say(l, 'risk', 'rủi ro'), say(l, 'measure', 'biện pháp')],
      RISKS_AND_MEASURES.map((cells) => cells.map((cell) => cell[l])),
    ),
    '',
    say(l, '## To be filled in', '## Cần điền'),
    fill(
      l,
      'Legal ground and the information given to patients',
      'Căn cứ pháp lý và thông tin đã cung cấp cho người bệnh',
    ),
    fill(
      l,
      'Data officer, and where the assessment was filed',
      'Người phụ trách bảo vệ dữ liệu, và nơi đã nộp hồ sơ đánh giá',
    ),
    fill(
      l,
      'Retention period per kind of record, and persons under a legal hold',
      'Thời hạn lưu từng loại hồ sơ, và những người đang bị giữ dữ liệu theo yêu cầu pháp lý',
    ),
    fill(l, 'Whether the disk of the data folder is encrypted', 'Ổ đĩa của thư mục dữ liệu có được mã hóa không'),
    fill(l, 'Date of the last review', 'Ngày xem xét gần nhất'),
  ];
}

const DOCUMENTS = {
  'technical-file': { title: { en: 'Technical file', vi: 'Hồ sơ kỹ thuật' }, body: technicalFile },
  'operation-log': { title: { en: 'Operation log', vi: 'Nhật ký vận hành' }, body: operationLog },
  'human-oversight': { title: { en: 'Human oversight', vi: 'Giám sát của con người' }, body: humanOversight },
  'impact-assessment': { title: { en: 'Impact assessment', vi: 'Đánh giá tác động' }, body: impactAssessment },
} as const;

const LAWS: Sentence = {
  en: 'For Law 91/2025/QH15 on personal data with Decree 356/2025/NĐ-CP, Law 134/2025/QH15 on artificial intelligence and Circular 13/2025/TT-BYT on electronic medical records. No legal advice: lines with ☐ are for the hospital.',
  vi: 'Phục vụ Luật 91/2025/QH15 về dữ liệu cá nhân cùng Nghị định 356/2025/NĐ-CP, Luật 134/2025/QH15 về trí tuệ nhân tạo và Thông tư 13/2025/TT-BYT về hồ sơ bệnh án điện tử. Không phải tư vấn pháp lý: các dòng ☐ do bệnh viện điền.',
};

/** File below docs/compliance → its whole text. */
export function complianceDocuments(): ReadonlyMap<string, string> {
  const files = Object.entries(DOCUMENTS).flatMap(([name, { title, body }]) =>
    LANGUAGES.map((language): [string, string] => {
      const other = language === 'en' ? `[Tiếng Việt](${name}.vi.md)` : `[English](${name}.en.md)`;
      const lines = [
        '<!-- Written by `npm run compliance-documents`; do not edit. -->',
        `# ${title[language]}`,
        '',
        `${LAWS[language]} ${other}`,
        '',
        ...body(language),
        '',
      ];
      return [`${name}.${language}.md`, lines.join('\n').replaceAll(/\n(#+ [^\n]*)\n(?=[^\n])/g, '\n$1\n\n')];
    }),
  );
  return new Map(files);
}

if (import.meta.main) {
  mkdirSync('docs/compliance', { recursive: true });
  for (const [name, text] of complianceDocuments()) writeFileSync(`docs/compliance/${name}`, text);
}
