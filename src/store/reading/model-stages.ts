// The stages of models at rest. They belong to the installation and are kept, with their audit, by the facility of the site.
import type { AuditEntry } from '#kernel/audit-entry.ts';
import {
  isSameModel,
  type ModelStage,
  type StageChange,
  type StagedModel,
  type StageRules,
} from '#kernel/model-stage.ts';
import { appendAudit } from '#store/audit/audit.ts';
import { storableText } from '#store/host/canonical.ts';
import type { Sql } from '#store/host/database.ts';
import { optional, type Tenancy } from '#store/host/tenancy.ts';

export interface ModelStages {
  list(): Promise<readonly StagedModel[]>;
  /** One at a time over all processes. */
  change(change: StageChange, rules: StageRules): Promise<StagedModel>;
}

interface Row {
  readonly model_id: string;
  readonly model_version: string;
  readonly stage: ModelStage;
  readonly since: Date;
  readonly set_by: string;
  readonly approver: string | null;
  readonly was_live: boolean;
}

const toStaged = (row: Row): StagedModel => ({
  modelId: row.model_id,
  modelVersion: row.model_version,
  stage: row.stage,
  since: row.since.toISOString(),
  setBy: row.set_by,
  ...optional('approver', row.approver),
  wasLive: row.was_live,
});

const COLUMNS = 'model_id, model_version, stage, since, set_by, approver, was_live';

async function read(sql: Pick<Sql, 'query'>, facilityId: string): Promise<readonly StagedModel[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from model_stage where facility_id = $1 order by model_id, model_version`,
    [facilityId],
  );
  return rows.map(toStaged);
}

const WRITE = `insert into model_stage (facility_id, model_id, model_version, stage, since, set_by, approver, was_live)
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict (facility_id, model_id, model_version) do update set stage = excluded.stage, since = excluded.since,
    set_by = excluded.set_by, approver = excluded.approver, was_live = model_stage.was_live or excluded.was_live
  returning ${COLUMNS}`;

export function openModelStages(scope: Tenancy): ModelStages {
  const { facilityId, clock } = scope;
  const entryOf = ({ modelId, modelVersion, to, actor, approver, detail }: StageChange, from: string): AuditEntry => ({
    actor,
    action: 'model.staged',
    subjectType: 'model',
    subjectId: modelId,
    detail: { modelVersion, from, to, ...optional('approver', approver), ...detail },
  });
  return {
    list: () => read(scope.sql, facilityId),
    change: (change, { judge, replaces }) =>
      scope.turnTransaction('model-stage', async (tx) => {
        const stages = await read(tx, facilityId);
        judge(stages);
        const live = stages.find(({ stage }) => stage === 'live') ?? replaces;
        const steps: StageChange[] =
          change.to === 'live' && live !== undefined && !isSameModel(live, change)
            ? [{ modelId: live.modelId, modelVersion: live.modelVersion, to: 'retired', actor: change.actor }, change]
            : [change];
        let staged: StagedModel | undefined;
        for (const step of steps) {
          const [row] = await tx.query<Row>(WRITE, [
            facilityId,
            step.modelId,
            step.modelVersion,
            step.to,
            clock.now(),
            storableText(step.actor),
            step.approver === undefined ? null : storableText(step.approver),
            step.to === 'live' || step !== change,
          ]);
          staged = row && toStaged(row);
        }
        if (staged === undefined) throw new Error('the stage was not written');
        await appendAudit(
          tx,
          scope,
          steps.map((step) => entryOf(step, stages.find((each) => isSameModel(each, step))?.stage ?? 'unset')),
        );
        return staged;
      }),
  };
}
