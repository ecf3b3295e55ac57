// The command `haidang`: one file per command under commands/.
import { Command } from 'commander';
import { addBackupCommands } from '#cli/commands/backup.ts';
import { addAlertsCommands } from '#cli/commands/alerts.ts';
import { addAuditCommands } from '#cli/commands/audit.ts';
import { addCalibrateCommand } from '#cli/commands/calibrate.ts';
import { addCompareCommand } from '#cli/commands/compare.ts';
import { addDatasetsCommands } from '#cli/commands/datasets.ts';
import { addDemoCommand } from '#cli/commands/demo.ts';
import { addDeidentifyCommand } from '#cli/commands/deidentify.ts';
import { addDicomCommands } from '#cli/commands/dicom-decode.ts';
import { addEvaluateCommand } from '#cli/commands/evaluate.ts';
import { addImportCommands } from '#cli/commands/import.ts';
import { addMockHisCommand } from '#cli/commands/mock-his.ts';
import { addKeysCommands } from '#cli/commands/keys.ts';
import { addModelsCommands } from '#cli/commands/models.ts';
import { addNormalFilmsCommand } from '#cli/commands/normal-films.ts';
import { addPlotCommand } from '#cli/commands/plot.ts';
import { addReplayCommand } from '#cli/commands/replay.ts';
import { addPrereadCommand } from '#cli/commands/preread.ts';
import { addRepeatabilityCommand } from '#cli/commands/repeatability.ts';
import { addRiskCommands } from '#cli/commands/risk.ts';
import { addPersonCommands } from '#cli/commands/person.ts';
import { addSimilarCommands } from '#cli/commands/similar.ts';
import { addServeCommands } from '#cli/commands/serve.ts';
import { addTokenCommand } from '#cli/commands/token.ts';
import { addTrainHeadCommand } from '#cli/commands/train-head.ts';
import { addUndecidedCommand } from '#cli/commands/undecided.ts';
import { addUsersCommands } from '#cli/commands/users.ts';
import { addViewerCommand } from '#cli/commands/viewer.ts';
import { addWorklistCommands } from '#cli/commands/worklist.ts';
import { tellRefusal } from './fail.ts';

// `haidang … | head` closes the pipe early; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const program = new Command('haidang')
  .description('AI-assisted clinical decision support. Not a registered medical device; a clinician decides.')
  // Commander leaves with 1 on misuse; here 1 means that some input was refused, and misuse is 2.
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });
addAlertsCommands(program);
addBackupCommands(program);
addReplayCommand(program);
addAuditCommands(program);
addCalibrateCommand(program);
addCompareCommand(program);
addDatasetsCommands(program);
addDemoCommand(program);
addDeidentifyCommand(program);
addDicomCommands(program);
addEvaluateCommand(program);
addImportCommands(program);
addMockHisCommand(program);
addKeysCommands(program);
addModelsCommands(program);
addNormalFilmsCommand(program);
addPlotCommand(program);
addPrereadCommand(program);
addRepeatabilityCommand(program);
addRiskCommands(program);
addServeCommands(program);
addSimilarCommands(program);
addTokenCommand(program);
addPersonCommands(program);
addTrainHeadCommand(program);
addUndecidedCommand(program);
addUsersCommands(program);
addViewerCommand(program);
addWorklistCommands(program);

await program.parseAsync().catch(tellRefusal);
