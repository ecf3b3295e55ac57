// `haidang normal-films`: positive answers on films without a finding, and normal films made urgent, against the urgent films that are caught.
import { type Command, InvalidArgumentError } from 'commander';
import { type ScoredFilmsChoice, scoredFilmsOf } from '#cli/evaluate/scored-films.ts';
import { calledFilms, priceAt, type PriceRow } from '#research/analysis/normal-films.ts';
import { questionsOf } from '#research/dataset/question.ts';
import { evaluationErrors } from '#research/errors.ts';
import { withInterval } from '#research/report/summary.ts';
import { alignedTable } from '#research/report/text.ts';
import { addDatasetOptions } from './evaluate.ts';

interface Options extends ScoredFilmsChoice {
  readonly source: string;
  readonly floors: readonly number[];
  readonly json?: boolean;
}

const inWords = (rows: readonly PriceRow[]): string =>
  alignedTable([
    ['positive from', 'positive findings a normal film', 'normal films made urgent', 'urgent labels made urgent'],
    ...rows.map(({ floor, positivesPerNormal, normalsUrgent, urgentCaught }) => [
      floor === 0 ? 'as calibrated' : String(floor),
      withInterval(positivesPerNormal),
      withInterval(normalsUrgent),
      withInterval(urgentCaught),
    ]),
  ]);

async function run(options: Options): Promise<void> {
  const { model, dataset, films } = await scoredFilmsOf(options);
  const questions = questionsOf(dataset.data).questions.filter(({ source }) => source === options.source);
  const urgent = new Set(model.manifest.heads.flatMap(({ code, priority }) => (priority === 'routine' ? [] : [code])));
  const called = calledFilms(films, questions, urgent);
  const [normals, labelled] = [called.filter(({ normal }) => normal), called.filter((each) => each.labelledUrgent)];
  if (normals.length === 0 || labelled.length === 0)
    throw evaluationErrors.error('dataset', {
      field: '--source',
      reason: `${options.source} has ${normals.length} films without a finding and ${labelled.length} with an urgent one`,
    });
  const rows = [0, ...options.floors].map((floor) => priceAt(called, floor));
  const { id, version } = model.manifest;
  const report = { model: id, version, normalFilms: normals.length, urgentFilms: labelled.length, rows };
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(report)}\n`
      : `${inWords(rows)}\n${normals.length} normal films, ${labelled.length} with an urgent label\n`,
  );
}

function floorsOf(text: string): readonly number[] {
  const values = text.split(',').map(Number);
  if (values.every((value) => value > 0 && value < 1)) return values;
  throw new InvalidArgumentError('chances between 0 and 1, with commas');
}

export function addNormalFilmsCommand(program: Command): void {
  addDatasetOptions(
    program
      .command('normal-films')
      .description(
        'positive answers on normal films and how many become urgent, at several floors of a positive answer',
      )
      .option('--model <id>', 'folder under models/', 'cxr-findings'),
  )
    .option('--source <name>', 'whose questions', 'nih')
    .option('--floors <list>', 'nothing is called positive below', floorsOf, [0.1, 0.15, 0.2, 0.3])
    .option('--predictions <file.csv>', 'answers of an earlier evaluate instead of a run')
    .option('--json', 'one JSON object')
    .action(run);
}
