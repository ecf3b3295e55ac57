// Who may import whom (the house). A new edge is added here with its reason, or not at all.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** '*' stands for any room. Entries (main.ts, app.ts, config.ts) are listed by name. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  kernel: [],
  terminology: ['kernel'],
  messages: ['kernel'],
  image: ['kernel'],
  dicom: ['kernel', 'image'],
  tensor: ['kernel'],
  // The manifest's preprocessing steps are the tensor room's own words.
  models: ['kernel', 'tensor'],
  calibration: ['kernel', 'models'],
  similarity: ['kernel'],
  // http: the room's own routes (list, acknowledge, override).
  alerts: ['kernel', 'messages', 'http'],
  access: ['kernel', 'http', 'interop'],
  delivery: ['kernel', 'alerts', 'http'],
  store: ['kernel', 'alerts', 'similarity'],
  http: ['kernel', 'access'],
  inference: ['kernel', 'models'],
  explanation: ['kernel', 'tensor', 'image'],
  research: ['kernel', 'calibration'],
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
  risk: [
    'kernel',
    'messages',
    'models',
    'inference',
    'calibration',
    'explanation',
    'alerts',
    'http',
    'terminology',
    'interop',
  ],
  worklist: ['kernel', 'messages', 'http'],
  interop: ['kernel', 'messages', 'dicom', 'alerts', 'preread', 'risk', 'http', 'delivery', 'access', 'terminology'],
  web: ['kernel', 'messages', 'http'],
  // Runs in other people's programs: it takes nothing of ours along.
  client: [],
  cli: ['*'],
  // The rooms put together and running; both entries (main.ts and the command) start it.
  service: ['*'],
  'main.ts': ['*'],
};

/** Each foreign library has one room (or the few named here). */
const LIBRARY_ROOMS: Record<string, readonly string[]> = {
  'onnxruntime-node': ['inference'],
  '@tensorflow/tfjs': ['inference'],
  '@tensorflow/tfjs-node': ['inference'],
  pg: ['store'],
  pgvector: ['store'],
  '@electric-sql/pglite': ['store'],
  sharp: ['image'],
  '@cornerstonejs/codec-charls': ['dicom'],
  '@cornerstonejs/codec-openjpeg': ['dicom'],
  '@cornerstonejs/codec-openjph': ['dicom'],
  'dcmjs-codecs': ['dicom'],
  'intl-messageformat': ['messages'],
  '@lhncbc/ucum-lhc': ['terminology'],
  nodemailer: ['interop'],
  'cli-progress': ['cli'],
  commander: ['cli'],
  '@duckdb/node-api': ['cli'],
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'static') yield* sourceFiles(path);
    else if (entry.name.endsWith('.ts')) yield path;
  }
}

const imports: Import[] = [...sourceFiles('src')].flatMap((file) => {
  const room = file.split('/')[1] ?? '';
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => ({
    file,
    room,
    target: match[1] ?? '',
  }));
});

test('the import table is kept', () => {
  const broken = imports
    .filter(({ target }) => target.startsWith('#'))
    .filter(({ room, target }) => {
      const wanted = target.slice(1).split('/')[0] ?? '';
      const allowed = MAY_IMPORT[room];
      if (allowed === undefined) return true;
      return wanted !== room && !allowed.includes('*') && !allowed.includes(wanted);
    })
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(broken).toEqual([]);
});

test('inside a room imports are relative and never climb out of it', () => {
  const climbing = imports
    .filter(
      ({ file, target }) => target.startsWith('../') && file.split('/').length - 3 < target.split('../').length - 1,
    )
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(climbing).toEqual([]);
});

test('each foreign library stays in its room', () => {
  const strays = imports
    .filter(({ room, target }) => {
      const library = Object.keys(LIBRARY_ROOMS).find((name) => target === name || target.startsWith(`${name}/`));
      return library !== undefined && !LIBRARY_ROOMS[library]?.includes(room);
    })
    .map(({ file, target }) => `${file} imports ${target}`);
  expect(strays).toEqual([]);
});
