// A full disk and one that is read-only, on a tmpfs of its own (needs Linux and the right to mount). Full: senders hear 503 and when to come again,
// nothing that was acknowledged is lost, and with room it goes on. Read-only: the service does not start, and says so in a sentence.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filmDicom } from '../fixtures/film.ts';
import { modelsFolder, refusedStart, spawnService } from '../flows/service.ts';
import { freshDataDir } from '../store/hosts.ts';

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly did: string;
  readonly seconds: number;
  /** Empty where it holds. */
  readonly faults: readonly string[];
}

const SIZE = '512m';

function mounted(): { readonly folder: string; remount(mode: 'ro' | 'rw'): void; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=700`, 'tmpfs', folder]);
  return {
    folder,
    remount: (mode) => void execFileSync('mount', ['-o', `remount,${mode}`, folder]),
    close() {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const film = async (name: string) => ({
  name: 'f.dcm',
  bytes: Uint8Array.from(await filmDicom({ study: name, patient: `P-${name}`, phase: name.length })),
});

interface Place {
  readonly dataDir: string;
  readonly models: string;
}

async function fillDisk({ dataDir, models }: Place): Promise<{ did: string; faults: string[] }> {
  const faults: string[] = [];
  const service = await spawnService(dataDir, models);
  const before = (await service.client.upload([await film('before')])).studies[0] ?? '';
  await service.client.waitUntilRead(before, { until: 'maps-checked' });
  const { bavail, bsize } = statfsSync(dataDir);
  const filler = join(dataDir, 'filler');
  writeFileSync(filler, Buffer.alloc(bavail * bsize));
  const large = await filmDicom({ study: 'full', patient: 'P-full', size: 1024 });
  const refused = await fetch(`${service.address}/v1/studies`, {
    method: 'POST',
    headers: { 'content-type': 'application/dicom' },
    body: large,
  });
  if (refused.status !== 503 || refused.headers.get('retry-after') === null)
    faults.push(`a full disk is answered with ${refused.status}, Retry-After ${refused.headers.get('retry-after')}`);
  const ready = await fetch(`${service.address}/health/ready`);
  if (ready.status !== 503) faults.push(`ready says ${ready.status} on a full disk`);
  rmSync(filler);
  const after = (await service.client.upload([{ name: 'f.dcm', bytes: Uint8Array.from(large) }])).studies[0] ?? '';
  for (const uid of [before, after]) {
    await service.client.waitUntilRead(uid);
    const { data } = await service.client.v1.getReadingsOfStudy(uid);
    if (data.length !== 1) faults.push(`${uid} has ${data.length} readings`);
  }
  if (!(await service.client.v1.verifyAudit()).data.intact) faults.push('the audit chain is broken');
  const status = await service.stop();
  if (status !== 0) faults.push(`the service ended with ${status}`);
  return { did: `refused with ${refused.status}, then taken; two studies read once`, faults };
}

async function startReadOnly({ dataDir, models }: Place): Promise<{ did: string; faults: string[] }> {
  const { status, stderr } = await refusedStart({ HAIDANG_DATA_DIR: dataDir, HAIDANG_MODELS_DIR: models });
  const faults = [
    ...(status === 1 ? [] : [`it ended with ${status}`]),
    ...(stderr.includes('    at ') ? ['it printed a stack'] : []),
    ...(/store\.read-only/.test(stderr) ? [] : [`it said: ${stderr.slice(0, 200)}`]),
  ];
  return { did: `did not start: ${stderr.split('\n', 1)[0]}`, faults };
}

async function rowOf(what: string, work: () => Promise<{ did: string; faults: string[] }>): Promise<Row> {
  const started = performance.now();
  const ended = await work().catch((thrown: unknown) => ({ did: 'broke off', faults: [String(thrown)] }));
  return { what, ...ended, seconds: Math.round((performance.now() - started) / 1000) };
}

export async function runDiskRows(progress: (line: string) => void): Promise<readonly Row[]> {
  let disk: ReturnType<typeof mounted>;
  try {
    disk = mounted();
  } catch (thrown) {
    return [{ what: 'full and read-only disk', did: 'not run', seconds: 0, faults: [`no tmpfs: ${String(thrown)}`] }];
  }
  const models = modelsFolder();
  const fresh = await freshDataDir();
  const place = { dataDir: join(disk.folder, 'data'), models };
  try {
    cpSync(fresh, place.dataDir, { recursive: true });
    progress('the disk fills up');
    const full = await rowOf('disk full', () => fillDisk(place));
    progress('the disk is read-only');
    disk.remount('ro');
    const readOnly = await rowOf('disk read-only', () => startReadOnly(place));
    disk.remount('rw');
    return [full, readOnly];
  } finally {
    disk.close();
    for (const folder of [models, fresh]) rmSync(folder, { recursive: true, force: true });
  }
}
