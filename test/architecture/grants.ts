// The house: which room may import which, and which room may use which library. A new line needs a reason; an unused one fails the test.

/** Rooms below `src`, from the ground up. `cli`, `service` and `entry` put the rooms together and may import all of them. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  // Bytes of model files, without a library.
  onnx: [],
  client: [],
  access: ['kernel'],
  terminology: ['kernel'],
  messages: ['kernel'],
  image: ['kernel'],
  tensor: ['kernel'],
  similarity: ['kernel'],
  research: ['kernel', 'messages'],
  dicom: ['kernel', 'image'],
  // The manifest names preprocessing steps in the tensor room's terms.
  models: ['kernel', 'tensor'],
  calibration: ['kernel', 'models'],
  inference: ['kernel', 'models'],
  explanation: ['kernel', 'tensor', 'image'],
  http: ['kernel', 'access'],
  login: ['kernel', 'access', 'http'],
  // How fast alerts are answered is an estimate of research.
  alerts: ['kernel', 'messages', 'http', 'research'],
  delivery: ['kernel', 'alerts', 'http'],
  // The store checks an alert's life cycle inside its transaction, and answers the similarity room's port.
  store: ['kernel', 'alerts', 'similarity'],
  preread: [
    'kernel',
    'messages',
    'image',
    'dicom',
    'tensor',
    'models',
    'inference',
    'calibration',
    'explanation',
    'similarity',
    'alerts',
    'http',
  ],
  risk: ['kernel', 'onnx', 'terminology', 'messages', 'inference', 'explanation', 'alerts', 'http'],
  // Runs on the inference room's TensorFlow.js.
  training: ['kernel', 'inference'],
  // A model's way into service: figures against the live one, and who approved.
  promotion: ['kernel', 'research', 'http'],
  // The effect of the order is measured where research measures.
  worklist: ['kernel', 'messages', 'http', 'research'],
  // The pages import only the client and messages; the door beside them is a route like any other.
  web: ['kernel', 'messages', 'client', 'http'],
  'interop/fhir-model': ['kernel', 'terminology'],
  // Results as DICOM objects, for the doors that send and show them.
  'interop/dicom-model': ['kernel', 'messages', 'image', 'dicom', 'preread', 'delivery'],
  // What standards with their own protocol on TCP share.
  'interop/tcp': [],
  'interop/dicomweb': ['kernel', 'image', 'dicom', 'http', 'delivery', 'interop/dicom-model'],
  'interop/watch-folder': ['kernel'],
  'interop/dimse': ['kernel', 'dicom', 'delivery', 'interop/dicom-model', 'interop/tcp'],
  'interop/cds-hooks': ['kernel', 'messages', 'alerts', 'risk', 'http', 'access', 'delivery', 'interop/fhir-model'],
  'interop/fhir': [
    'kernel',
    'terminology',
    'messages',
    'alerts',
    'preread',
    'risk',
    'http',
    'delivery',
    'interop/fhir-model',
  ],
  'interop/hispro': ['kernel', 'terminology', 'messages', 'alerts', 'risk', 'http', 'access', 'delivery'],
  'interop/hl7v2': ['kernel', 'terminology', 'messages', 'preread', 'delivery', 'interop/tcp'],
  'interop/xml130': ['kernel', 'terminology', 'http'],
  'interop/oip': ['kernel', 'http', 'models', 'inference'],
  'interop/email': ['kernel', 'messages', 'alerts', 'delivery'],
  'interop/webhooks': ['kernel', 'delivery'],
};

export const MAY_IMPORT_ALL: ReadonlySet<string> = new Set(['cli', 'service', 'entry']);

/** Each foreign library has its rooms; `*` for a library that judges data at every door. */
export const LIBRARY_ROOMS: Readonly<Record<string, readonly string[]>> = {
  zod: ['*'],
  fastify: ['*'],
  'fastify-type-provider-zod': ['http'],
  '@fastify/swagger': ['http'],
  '@fastify/swagger-ui': ['http'],
  preact: ['web'],
  '@preact/signals': ['web'],
  esbuild: ['web'],
  pino: ['http'],
  'prom-client': ['http'],
  'onnxruntime-node': ['inference'],
  '@tensorflow/tfjs': ['inference'],
  '@tensorflow/tfjs-backend-wasm': ['inference'],
  '@tensorflow/tfjs-node': ['inference'],
  pg: ['store'],
  pgvector: ['store'],
  '@aws-sdk/client-s3': ['store'],
  '@electric-sql/pglite': ['store'],
  '@electric-sql/pglite-pgvector': ['store'],
  sharp: ['image'],
  '@cornerstonejs/codec-charls': ['dicom'],
  '@cornerstonejs/codec-openjpeg': ['dicom'],
  '@cornerstonejs/codec-openjph': ['dicom'],
  'dcmjs-codecs': ['dicom'],
  'intl-messageformat': ['messages'],
  '@lhncbc/ucum-lhc': ['terminology'],
  'csv-parse': ['research'],
  'fast-xml-parser': ['interop/xml130'],
  jose: ['access', 'login', 'interop/cds-hooks', 'interop/fhir'],
  'openid-client': ['login'],
  nodemailer: ['interop/email'],
  'cli-progress': ['cli'],
  commander: ['cli'],
  '@duckdb/node-api': ['cli'],
};

/** Built-in modules that start processes, threads or connections. */
export const BUILT_IN_ROOMS: Readonly<Record<string, readonly string[]>> = {
  'node:child_process': ['inference'],
  'node:worker_threads': ['preread', 'store'],
  // http compares network addresses.
  'node:net': ['http', 'interop/tcp', 'interop/dimse', 'interop/hl7v2'],
};

/** Code that only some rooms may hold, by pattern. */
export const CODE_ROOMS: readonly {
  readonly name: string;
  readonly pattern: RegExp;
  readonly rooms: readonly string[];
}[] = [
  // TensorFlow reads its log level from the environment when it is loaded.
  {
    name: 'the environment',
    pattern: /process\.env|process\["env"\]|from ["']node:process["']/,
    rooms: ['cli', 'entry', 'inference'],
  },
  {
    name: 'SQL',
    pattern:
      /["'`]\s*(?:select\s[\s\S]{0,400}?\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+table\s|alter\s+table\s)/i,
    // DuckDB reads Parquet files of cohorts.
    rooms: ['store', 'cli'],
  },
  {
    name: 'the clock',
    pattern: /new Date\(\)|\bDate\.now\(/,
    rooms: ['kernel', 'cli', 'store/host', 'web/pages/shell'],
  },
  {
    name: 'chance',
    pattern: /\brandomUUID\b|\bMath\.random\(/,
    rooms: ['kernel', 'http', 'store/host', 'web/pages/shell'],
  },
];
