// The service's entry: prints one line with the address when it is ready.
import { keepCompiledCode } from '#cli/compiled-code.ts';

keepCompiledCode();
const { tellRefusal } = await import('#cli/fail.ts');
const { runUntilStopped } = await import('#cli/run-service.ts');
await runUntilStopped(process.env).catch(tellRefusal);
