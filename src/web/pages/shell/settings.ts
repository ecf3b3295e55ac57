// Settings of this site for the pages. Until the service has answered, nothing is hidden that a reader may need.
import { signal } from '@preact/signals';
import type { PageSettings } from '#client/client.ts';
import { v1 } from './api.ts';

export const settings = signal<PageSettings>({ firstRead: false, sandbox: false });

export async function loadSettings(): Promise<void> {
  try {
    settings.value = (await v1.getPageSettings()).data;
  } catch {
    // The pages work without it.
  }
}
