-- How far each model is on its way into service, and what silent models said: rows of their own, which no view of a study reads.

create table model_stage (
  facility_id text not null references facility,
  model_id text not null,
  model_version text not null,
  stage text not null check (stage in ('draft', 'silent', 'pilot', 'live', 'retired')),
  since timestamptz not null,
  set_by text not null,
  approver text,
  was_live boolean not null default false,
  primary key (facility_id, model_id, model_version)
);
create unique index model_live_once on model_stage (facility_id) where stage = 'live';

create table silent_reading (
  facility_id text not null references facility,
  -- The reading of the live model on the same study.
  beside uuid not null references reading,
  study_uid text not null,
  model_id text not null,
  model_version text not null,
  outcome text not null check (outcome in ('assessed', 'not-assessed', 'failed')),
  attempts integer not null default 1,
  record jsonb not null,
  read_at timestamptz not null,
  primary key (beside, model_id, model_version)
);
create index silent_reading_by_model on silent_reading (facility_id, model_id, model_version);
-- A silent model follows the newest readings.
create index reading_by_commitment on reading (facility_id, committed_at);

do $$
declare
  name text;
begin
  foreach name in array array['model_stage', 'silent_reading'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy one_facility on %I using (coalesce(current_setting(''haidang.facility'', true), '''') in (''*'', facility_id))',
      name);
  end loop;
end $$;
