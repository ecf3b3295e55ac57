// Folder of the viewer, for the command that installs it and the service that shows it.
import { join } from 'node:path';

export const viewerFolder = (dataDir: string): string => join(dataDir, 'ohif');
