// A folder → its entries are on the disk: without this a file renamed into it may be gone after a power cut.
import { open } from 'node:fs/promises';
import { platform } from 'node:os';

export async function syncFolder(folder: string): Promise<void> {
  // Windows neither opens folders nor needs it: NTFS journals its entries.
  if (platform() === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
