// The service's entry: prints one line with the address when it is ready.
import { tellRefusal } from '#cli/fail.ts';
import { runUntilStopped } from '#cli/run-service.ts';

await runUntilStopped(process.env).catch(tellRefusal);
