// The service's entry: the environment comes in, one line with the address goes out when it is ready.
import { tellRefusal } from '#cli/fail.ts';
import { runUntilStopped } from '#cli/run-service.ts';

await runUntilStopped(process.env).catch(tellRefusal);
