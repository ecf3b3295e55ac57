// The command `haidang`: one file per command under commands/.
import { Command } from 'commander';

const program = new Command('haidang').description('AI-assisted clinical decision support');
await program.parseAsync();
