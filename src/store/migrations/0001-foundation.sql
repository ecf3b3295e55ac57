-- The first tables. Every row belongs to a facility; what was committed as evidence (readings, events, audit) is never changed.

create table facility (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  created_at timestamptz not null
);

create table study (
  facility_id text not null references facility,
  study_uid text not null,
  -- Same key, same person; `study:UID` where no patient ID came.
  patient_key text not null,
  patient_id text,
  patient_name text,
  patient_birth_date text,
  patient_sex text,
  accession_number text,
  treatment_code text,
  study_time text,
  modality text,
  description text,
  age_years double precision,
  not_for_clinical_use boolean not null,
  received_at timestamptz not null,
  last_instance_at timestamptz not null,
  opened_at timestamptz,
  closed_at timestamptz,
  primary key (facility_id, study_uid)
);
create index study_by_patient on study (facility_id, patient_key);
create index study_by_accession on study (facility_id, accession_number) where accession_number is not null;
create index study_open on study (facility_id, received_at) where closed_at is null;

create table instance (
  facility_id text not null,
  sop_instance_uid text not null,
  study_uid text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  -- The rest of IncomingInstance, without the patient.
  record jsonb not null,
  received_at timestamptz not null,
  primary key (facility_id, sop_instance_uid),
  foreign key (facility_id, study_uid) references study
);
create index instance_by_study on instance (facility_id, study_uid);
create index instance_by_content on instance (sha256);

create table job (
  id uuid primary key,
  facility_id text not null references facility,
  kind text not null,
  key text not null,
  payload jsonb not null,
  state text not null check (state in ('waiting', 'running', 'done', 'dead')),
  attempt integer not null default 0,
  max_attempts integer not null,
  run_at timestamptz not null,
  lease_until timestamptz,
  worker text,
  last_error jsonb,
  created_at timestamptz not null,
  finished_at timestamptz
);
-- One waiting job per key, and never two running ones.
create unique index job_waiting_once on job (facility_id, kind, key) where state = 'waiting';
create unique index job_running_once on job (facility_id, kind, key) where state = 'running';
create index job_ready on job (kind, run_at) where state = 'waiting';
create index job_by_key on job (facility_id, kind, key, created_at);

create table reading (
  id uuid primary key,
  facility_id text not null,
  study_uid text not null,
  -- Hash of images, model, pipeline, calibration and thresholds: the same key is the same reading.
  reading_key text not null,
  model_id text not null,
  outcome text not null check (outcome in ('assessed', 'not-assessed', 'failed')),
  priority text not null,
  priority_rank smallint not null,
  record jsonb not null,
  revision integer not null,
  superseded_by uuid,
  committed_at timestamptz not null,
  -- Order of commitment within a study, also where the clock stood still.
  sequence bigint generated always as identity,
  foreign key (facility_id, study_uid) references study
);
-- A reading that failed may be followed by one that did not.
create unique index reading_once on reading (facility_id, reading_key, (outcome = 'failed'));
create unique index reading_revision on reading (facility_id, study_uid, model_id, revision);
create index reading_current on reading (facility_id, study_uid, sequence) where superseded_by is null;

create table finding (
  facility_id text not null,
  reading_id uuid not null references reading,
  code text not null,
  probability double precision not null check (probability between 0 and 1),
  decision text not null check (decision in ('positive', 'negative', 'indeterminate')),
  primary key (reading_id, code)
);
create index finding_by_code on finding (facility_id, code, decision);

create table heatmap (
  facility_id text not null,
  reading_id uuid not null references reading,
  finding_code text not null,
  sop_instance_uid text not null,
  sha256 text not null,
  bytes bigint not null,
  columns integer not null,
  rows integer not null,
  primary key (reading_id, finding_code)
);

create table embedding_space (
  id integer generated always as identity primary key,
  facility_id text not null references facility,
  model_id text not null,
  model_version text not null,
  model_sha256 text not null,
  dimensions integer not null check (dimensions between 1 and 4000),
  -- Breadth of the graph search; the recall audit raises it.
  ef_search integer not null default 100,
  created_at timestamptz not null,
  unique (facility_id, model_id, model_version, model_sha256)
);

-- One partition per space (facility and exact model file), each with its own graph index: no facility changes another's recall,
-- and no search meets vectors of two models.
create table embedding (
  space_id integer not null,
  reading_id uuid not null,
  facility_id text not null,
  study_uid text not null,
  patient_key text not null,
  age_years double precision,
  sex text,
  view text,
  findings text[] not null,
  label_source text not null check (label_source in ('model', 'clinician', 'dataset')),
  -- Superseded readings keep their vector for replay, and are not found.
  current boolean not null default true,
  -- Whether the graph index holds it. It is entered later, when nobody waits: that costs more than the rest of a commit.
  in_graph boolean not null default false,
  vector halfvec not null,
  primary key (space_id, reading_id)
) partition by list (space_id);
create index embedding_by_reading on embedding (reading_id);
create index embedding_by_study on embedding (facility_id, study_uid);

create table recall_figure (
  facility_id text not null,
  space_id integer not null references embedding_space,
  filter text not null,
  k integer not null,
  queries integer not null,
  ef_search integer not null,
  recall double precision not null,
  measured_at timestamptz not null,
  primary key (space_id, filter, k, measured_at)
);

create table alert (
  id uuid primary key,
  facility_id text not null references facility,
  dedup_key text not null,
  status text not null,
  severity text not null,
  patient_code text not null,
  treatment_code text,
  accession_number text,
  study_uid text,
  source_id uuid not null,
  suppressed boolean not null,
  -- The alert as it was raised; the status beside it is the one that counts.
  record jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  superseded_by uuid,
  sequence bigint generated always as identity
);
create unique index alert_once on alert (facility_id, dedup_key) where superseded_by is null;
create index alert_by_patient on alert (facility_id, patient_code, sequence);
create index alert_by_study on alert (facility_id, study_uid) where study_uid is not null;
create index alert_by_source on alert (source_id);
create index alert_newest on alert (facility_id, sequence);
create index alert_due on alert (facility_id, expires_at) where status in ('new', 'seen');

create table alert_event (
  facility_id text not null,
  id text not null,
  alert_id uuid not null references alert,
  record jsonb not null,
  at timestamptz not null,
  sequence bigint generated always as identity,
  primary key (facility_id, id)
);
create index alert_event_by_alert on alert_event (alert_id, sequence);

create table silence (
  id bigint generated always as identity primary key,
  facility_id text not null references facility,
  source_id uuid not null,
  reason jsonb not null,
  at timestamptz not null
);
create index silence_by_source on silence (source_id);

create table outbox (
  sequence bigint generated always as identity primary key,
  id uuid not null,
  facility_id text not null references facility,
  target text not null,
  topic text not null,
  order_key text not null,
  body jsonb not null,
  state text not null check (state in ('waiting', 'sending', 'delivered', 'dead')),
  attempts integer not null default 0,
  next_at timestamptz not null,
  lease uuid,
  lease_until timestamptz,
  created_at timestamptz not null,
  delivered_at timestamptz,
  last_error text,
  unique (facility_id, id)
);
create index outbox_queue on outbox (facility_id, target, order_key, sequence) where state in ('waiting', 'sending');
create index outbox_due on outbox (next_at) where state in ('waiting', 'sending');
create index outbox_by_state on outbox (facility_id, state, sequence);

create table audit (
  facility_id text not null references facility,
  sequence bigint not null,
  -- Copies for look-up; what counts is `entry`, whose exact text is hashed.
  subject_type text not null,
  subject_id text not null,
  entry text not null,
  previous_hash text not null,
  hash text not null,
  primary key (facility_id, sequence)
);
create index audit_by_subject on audit (facility_id, subject_type, subject_id, sequence);

create table audit_head (
  facility_id text primary key references facility,
  sequence bigint not null,
  hash text not null
);

create table refusal (
  id bigint generated always as identity primary key,
  facility_id text not null references facility,
  code text not null,
  field text,
  reason text not null,
  sha256 text,
  at timestamptz not null
);

create table assessment (
  id uuid primary key,
  facility_id text not null references facility,
  patient_id text not null,
  equation_id text not null,
  outcome text not null,
  record jsonb not null,
  assessed_at timestamptz not null,
  sequence bigint generated always as identity
);
create index assessment_by_patient on assessment (facility_id, patient_id, equation_id, assessed_at);

create table measurement (
  facility_id text not null references facility,
  dedup_key text not null,
  patient_id text not null,
  code text not null,
  -- For ordering only: the record keeps the time as it was written.
  time text,
  record jsonb not null,
  sequence bigint generated always as identity,
  primary key (facility_id, dedup_key)
);
create index measurement_by_patient on measurement (facility_id, patient_id, code);

create table report (
  facility_id text not null references facility,
  dedup_key text not null,
  patient_id text not null,
  time text,
  record jsonb not null,
  sequence bigint generated always as identity,
  primary key (facility_id, dedup_key)
);
create index report_by_patient on report (facility_id, patient_id);

create table record (
  facility_id text not null references facility,
  room text not null,
  key text not null,
  value jsonb not null,
  updated_at timestamptz not null,
  primary key (facility_id, room, key)
);

-- Evidence: rows that may be added, and where said so marked as superseded, but not rewritten.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

create function refuse_rewrite() returns trigger language plpgsql as $$
begin
  if new.record is distinct from old.record then
    raise exception 'the record of a row of % is never rewritten', tg_table_name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create trigger audit_append_only before update or delete on audit for each row execute function refuse_change();
create trigger audit_not_truncated before truncate on audit for each statement execute function refuse_change();
create trigger event_append_only before update or delete on alert_event for each row execute function refuse_change();
create trigger silence_append_only before update or delete on silence for each row execute function refuse_change();
create trigger finding_append_only before update or delete on finding for each row execute function refuse_change();
create trigger heatmap_append_only before update or delete on heatmap for each row execute function refuse_change();
create trigger reading_kept before update on reading for each row execute function refuse_rewrite();
create trigger reading_not_deleted before delete on reading for each row execute function refuse_change();
create trigger alert_kept before update on alert for each row execute function refuse_rewrite();
create trigger alert_not_deleted before delete on alert for each row execute function refuse_change();
create trigger assessment_append_only before update or delete on assessment for each row execute function refuse_change();

-- Row-level security is in place from the first table on. A transaction that names its facility sees no other; a worker that
-- names none sees all. It binds every role but a superuser, the tables' owner included.
do $$
declare
  name text;
begin
  for name in
    select c.relname from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'facility_id' and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy one_facility on %I using (coalesce(current_setting(''haidang.facility'', true), '''') in ('''', facility_id))',
      name);
  end loop;
end $$;
