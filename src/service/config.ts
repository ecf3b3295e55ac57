// Reads the environment into one frozen Config; an error names the variable, never its value.
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { z } from 'zod';
import { withoutEnd } from '#kernel/text-end.ts';
import { PROJECT_ROOT } from '#kernel/project-root.ts';
import { coreShares } from './cores.ts';
import { configErrors } from './errors.ts';

const wholeNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^[0-9]+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));
const port = wholeNumber(0, 65_535);
/** PS3.5 table 6.2-1: no backslash, no spaces at the ends. */
const aeTitle = z.string().regex(/^[\x21-\x5b\x5d-\x7e]{1,16}$/, 'must be 1 to 16 characters without spaces');
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const environment = z.object({
  /** `open`: everybody who reaches the service may do everything, so it must be a loopback address. */
  HAIDANG_ACCESS: z.enum(['login', 'open']).default('login'),
  HAIDANG_HOST: z.string().min(1).default('127.0.0.1'),
  HAIDANG_PORT: port.default(8080),
  /** HL7 v2 over MLLP; off unless set. */
  HAIDANG_HL7_PORT: port.optional(),
  /** Address of the HL7 port; unset: HAIDANG_HOST. */
  HAIDANG_HL7_HOST: z.string().min(1).optional(),
  /** Receivers of results over MLLP. */
  HAIDANG_HL7_TO: list
    .pipe(z.array(z.string().regex(/^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):[1-9][0-9]{0,4}$/, 'must be host:port')))
    .default([]),
  /** DICOM over the network (DIMSE); off unless set. */
  HAIDANG_DICOM_PORT: port.optional(),
  /** Address of the DICOM port; unset: HAIDANG_HOST. */
  HAIDANG_DICOM_HOST: z.string().min(1).optional(),
  HAIDANG_AE_TITLE: aeTitle.default('HAIDANG'),
  /** Calling AE titles, each perhaps with its address: `CT1@10.0.0.7`. `*`: any, on this machine only. */
  HAIDANG_DICOM_ACCEPT: list
    .pipe(z.array(z.string().regex(/^(?:\*|[^\s\\@]{1,16}(?:@[0-9A-Fa-f.:]+)?)$/, 'must be AET, AET@address or *')))
    .optional(),
  /** Receivers of SR, SEG and SC of each assessed study. */
  HAIDANG_DICOM_SEND: list
    .pipe(
      z.array(
        z
          .string()
          .regex(/^[^\s\\@]{1,16}@(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):[1-9][0-9]{0,4}$/, 'must be AET@host:port'),
      ),
    )
    .default([]),
  HAIDANG_DATA_DIR: z.string().min(1).default('.haidang'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional(),
  /** A folder, or `s3://bucket/prefix`: where the original bytes of images are kept. */
  HAIDANG_BLOBS: z
    .string()
    .regex(
      /^(?!s3:)|^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[A-Za-z0-9!_.*'()-]+)*\/?$/,
      'must be a folder or s3://bucket/prefix',
    )
    .optional(),
  HAIDANG_MODELS_DIR: z.string().min(1).optional(),
  /** The imaging model that reads chest films. */
  HAIDANG_CXR_MODEL: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default('cxr-findings'),
  /** Unset: the first that the model ships. */
  HAIDANG_PRECISION: z.enum(['fp32', 'fp16', 'int8']).optional(),
  /** Execution providers in the order in which they are tried. */
  HAIDANG_PROVIDERS: list.pipe(z.array(z.enum(['cuda', 'webgpu', 'cpu'])).min(1)).default(['cpu']),
  /** A server of the Open Inference Protocol v2 that holds the same models; it is asked before this machine. */
  HAIDANG_REMOTE_MODELS: z
    .url({ protocol: /^https?$/, error: 'must be http://host:port' })
    .transform((text) => withoutEnd(text, '/'))
    .optional(),
  /** Bearer token or key for that server, where it asks who calls; a file is read again when the server refuses. */
  HAIDANG_REMOTE_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be one word')
    .optional(),
  HAIDANG_REMOTE_TOKEN_FILE: z.string().min(1).optional(),
  /** Films that travel in one batch to a GPU or to another server. Unset: 16 there, and 1 on processors, where a batch saves nothing. */
  HAIDANG_BATCH: wholeNumber(1, 64).optional(),
  /** Inference child processes, and threads in each. Unset: by the cores of this machine. */
  HAIDANG_PROCESSES: wholeNumber(1, 64).optional(),
  HAIDANG_THREADS: wholeNumber(1, 64).optional(),
  /** Resident memory of all inference children, in MiB. Set: other models of the folder are loaded for /v2 when they are asked for, and put out again for each other. */
  HAIDANG_MODEL_MEMORY_MIB: wholeNumber(64, 1_048_576).optional(),
  /** Runs that may wait for a child before the next one is refused with 503. */
  HAIDANG_QUEUE_LIMIT: wholeNumber(1, 10_000).default(64),
  /** Largest single instance or upload part, in MiB. */
  HAIDANG_MAX_UPLOAD_MIB: wholeNumber(1, 2048).default(128),
  /** Requests that one person may make at the pages; 0: no limit. */
  HAIDANG_PERSON_REQUESTS_PER_MINUTE: wholeNumber(0, 1_000_000).default(3_000),
  /** Requests of one key, token or system, and of one address whose callers are not known; 0: no limit. */
  HAIDANG_PROGRAM_REQUESTS_PER_MINUTE: wholeNumber(0, 10_000_000).default(30_000),
  HAIDANG_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  /** Names (without port) under which browsers may reach the service besides the loopback names and HAIDANG_HOST. */
  HAIDANG_ALLOWED_HOSTS: list.default([]),
  /** The page /sandbox for HIS IT and training, where the doors for a HIS are tried by hand. */
  HAIDANG_SANDBOX: z.enum(['on', 'off']).default('off'),
  /** Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: `127.0.0.1,10.0.0.0/8`. */
  HAIDANG_TRUST_PROXY: list.pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))).default([]),
  /** JSON file {"MA_CHI_SO": "LOINC"}: laboratory codes of this site in claim files. */
  HAIDANG_INDICATORS: z.string().optional(),
  /** The hospital's own settings for its systems (docs/site.md), a JSON file. */
  HAIDANG_SITE: z.string().optional(),
});

export interface Config {
  readonly access: 'login' | 'open';
  readonly host: string;
  readonly port: number;
  readonly hl7Port: number | undefined;
  readonly hl7Host: string;
  /** `host:port` of each receiver. */
  readonly hl7Receivers: readonly string[];
  readonly dicom: {
    readonly port: number | undefined;
    readonly host: string;
    readonly aeTitle: string;
    /** Absent: any on a loopback address. */
    readonly accept: readonly string[] | undefined;
    /** `AET@host:port` */
    readonly send: readonly string[];
  };
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly blobs: { readonly folder?: string; readonly s3?: { readonly bucket: string; readonly prefix: string } };
  readonly modelsDir: string;
  readonly cxrModel: string;
  readonly precision: 'fp32' | 'fp16' | 'int8' | undefined;
  readonly providers: readonly ('cuda' | 'webgpu' | 'cpu')[];
  readonly remoteModels: string | undefined;
  readonly remoteToken: string | undefined;
  readonly remoteTokenFile: string | undefined;
  readonly batch: number | undefined;
  readonly processes: number;
  readonly threadsPerProcess: number;
  readonly modelMemoryMib: number | undefined;
  readonly queueLimit: number;
  readonly maxUploadBytes: number;
  /** Absent where nobody is asked who it is. */
  readonly rates: { readonly personPerMinute: number; readonly programPerMinute: number } | undefined;
  readonly logLevel: string;
  readonly allowedHosts: readonly string[];
  readonly sandbox: boolean;
  readonly trustProxy: readonly string[];
  readonly indicatorsFile: string | undefined;
  readonly siteFile: string | undefined;
}

const MIB = 1024 * 1024;
/** Names of all settings, for the documents. */
export const SETTINGS: readonly string[] = Object.keys(environment.shape);

const isLoopback = (host: string): boolean =>
  ['localhost', '::1', '[::1]'].includes(host.toLowerCase()) || /^127(?:\.\d{1,3}){3}$/.test(host);

/** Read by tests only. */
const TEST_PREFIX = 'HAIDANG_TEST_';
/** `models/` beside `src/` in a clone, beside `dist/` in the published package. */
const MODELS_FOLDER = fileURLToPath(new URL('models', PROJECT_ROOT));

function blobLocation(given: string | undefined, baseFolder: string): Config['blobs'] {
  if (given === undefined) return {};
  if (!given.startsWith('s3://')) return { folder: resolve(baseFolder, given) };
  const [bucket = '', ...folders] = withoutEnd(given.slice('s3://'.length), '/').split('/');
  return { s3: { bucket, prefix: folders.map((folder) => `${folder}/`).join('') } };
}

/**
 * `baseFolder` is where relative folders start. Unset and empty variables take their default.
 * Throws `config.invalid` or `config.unknown` with the variable's name in `field`.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, baseFolder: string): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const known = new Set(Object.keys(environment.shape));
  const stranger = Object.keys(given).find(
    (name) => name.startsWith('HAIDANG_') && !name.startsWith(TEST_PREFIX) && !known.has(name),
  );
  if (stranger !== undefined) throw configErrors.error('unknown', { field: stranger });

  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw configErrors.error('invalid', { field: String(issue?.path[0] ?? ''), reason: issue?.message ?? 'invalid' });
  }
  const value = parsed.data;
  for (const field of ['HAIDANG_HOST', 'HAIDANG_HL7_HOST', 'HAIDANG_DICOM_HOST'] as const)
    if (value.HAIDANG_ACCESS === 'open' && !isLoopback(value[field] ?? value.HAIDANG_HOST)) {
      const reason = 'with HAIDANG_ACCESS=open the service listens on a loopback address only, such as 127.0.0.1';
      throw configErrors.error('invalid', { field, reason });
    }
  return Object.freeze({
    access: value.HAIDANG_ACCESS,
    host: value.HAIDANG_HOST,
    port: value.HAIDANG_PORT,
    hl7Port: value.HAIDANG_HL7_PORT,
    hl7Host: value.HAIDANG_HL7_HOST ?? value.HAIDANG_HOST,
    hl7Receivers: value.HAIDANG_HL7_TO,
    dicom: {
      port: value.HAIDANG_DICOM_PORT,
      host: value.HAIDANG_DICOM_HOST ?? value.HAIDANG_HOST,
      aeTitle: value.HAIDANG_AE_TITLE,
      accept: value.HAIDANG_DICOM_ACCEPT,
      send: value.HAIDANG_DICOM_SEND,
    },
    dataDir: resolve(baseFolder, value.HAIDANG_DATA_DIR),
    databaseUrl: value.DATABASE_URL,
    blobs: blobLocation(value.HAIDANG_BLOBS, baseFolder),
    modelsDir: value.HAIDANG_MODELS_DIR === undefined ? MODELS_FOLDER : resolve(baseFolder, value.HAIDANG_MODELS_DIR),
    cxrModel: value.HAIDANG_CXR_MODEL,
    precision: value.HAIDANG_PRECISION,
    providers: value.HAIDANG_PROVIDERS,
    remoteModels: value.HAIDANG_REMOTE_MODELS,
    remoteToken: value.HAIDANG_REMOTE_TOKEN,
    remoteTokenFile:
      value.HAIDANG_REMOTE_TOKEN_FILE === undefined ? undefined : resolve(baseFolder, value.HAIDANG_REMOTE_TOKEN_FILE),
    batch: value.HAIDANG_BATCH,
    ...coreShares({ processes: value.HAIDANG_PROCESSES, threads: value.HAIDANG_THREADS }),
    modelMemoryMib: value.HAIDANG_MODEL_MEMORY_MIB,
    queueLimit: value.HAIDANG_QUEUE_LIMIT,
    maxUploadBytes: value.HAIDANG_MAX_UPLOAD_MIB * MIB,
    rates:
      value.HAIDANG_ACCESS === 'open'
        ? undefined
        : {
            personPerMinute: value.HAIDANG_PERSON_REQUESTS_PER_MINUTE,
            programPerMinute: value.HAIDANG_PROGRAM_REQUESTS_PER_MINUTE,
          },
    logLevel: value.HAIDANG_LOG_LEVEL,
    allowedHosts: value.HAIDANG_ALLOWED_HOSTS,
    sandbox: value.HAIDANG_SANDBOX === 'on',
    trustProxy: value.HAIDANG_TRUST_PROXY,
    indicatorsFile: value.HAIDANG_INDICATORS === undefined ? undefined : resolve(baseFolder, value.HAIDANG_INDICATORS),
    siteFile: value.HAIDANG_SITE === undefined ? undefined : resolve(baseFolder, value.HAIDANG_SITE),
  });
}
