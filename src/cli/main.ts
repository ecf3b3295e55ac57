// The entry of the command `haidang`.
import { keepCompiledCode } from './compiled-code.ts';

keepCompiledCode();
await import('./program.ts');
