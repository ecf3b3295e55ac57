-- A film that comes again: known by its pixels, and its corrected tags followed by everything that was concluded from it.

alter table instance
  -- Of the picture, computed when a file with other bytes comes under the same UID; null until then.
  add column pixels_sha256 text,
  add column shown_sha256 text;

-- The files that a resend replaced: evidence of what was read then.
create table instance_version (
  facility_id text not null references facility,
  sop_instance_uid text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  record jsonb not null,
  replaced_at timestamptz not null,
  sequence bigint generated always as identity,
  primary key (facility_id, sop_instance_uid, sequence)
);
create index instance_version_by_content on instance_version (sha256);
alter table instance_version enable row level security;
alter table instance_version force row level security;
create policy one_facility on instance_version
  using (coalesce(current_setting('haidang.facility', true), '') in ('', facility_id));
create trigger instance_version_append_only before update or delete on instance_version
  for each row execute function refuse_change();

-- Counts what changed what a reading may say; a reading of an earlier state is not committed.
alter table study add column facts_revision integer not null default 0;
