// Folders whose names are on the disk before a file is put into them: each is made and synced once, however many ask.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '#store/host/sync-folder.ts';
import { tellingFaults } from '#store/host/technical-fault.ts';
import { FOLDER_MODE } from './staging.ts';

export function createDurableFolders(): (path: string) => Promise<void> {
  const made = new Map<string, Promise<void>>();
  return (path) => {
    const making =
      made.get(path) ??
      tellingFaults(async () => {
        await mkdir(path, { recursive: true, mode: FOLDER_MODE });
        await syncFolder(dirname(path));
      });
    made.set(path, making);
    making.catch(() => made.delete(path));
    return making;
  };
}
