// `haidang risk …`: published equations over vectors, persons and cohorts, without a server.
import type { Command } from 'commander';
import { addRiskAssessCommand } from './risk-assess.ts';
import { addRiskCheckCommand } from './risk-check.ts';
import { addRiskCohortCommand } from './risk-cohort.ts';
import { addRiskExportCommand } from './risk-export.ts';
import { addRiskEvaluateCommand } from './risk-evaluate.ts';

export function addRiskCommands(program: Command): void {
  const risk = program.command('risk').description('published risk equations');
  addRiskAssessCommand(risk);
  addRiskCheckCommand(risk);
  addRiskCohortCommand(risk);
  addRiskEvaluateCommand(risk);
  addRiskExportCommand(risk);
}
