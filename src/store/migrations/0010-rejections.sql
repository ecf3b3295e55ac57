-- Images that a rejection note (IHE IOCM) withdraws: they stay as evidence, and nothing shows them or reads them.

alter table instance add column withdrawn_at timestamptz;
-- What an alert said was concluded from a withdrawn image: it is no history of its patient.
alter table alert add column withdrawn_at timestamptz;

create table rejection_note (
  facility_id text not null references facility,
  note_uid text not null,
  study_uid text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  -- Its code, what readers are told, and whether a resend of an image stays withdrawn.
  record jsonb not null,
  received_at timestamptz not null,
  sequence bigint generated always as identity,
  primary key (facility_id, note_uid)
);
-- An image may be named before it comes.
create table rejection (
  facility_id text not null,
  note_uid text not null,
  sop_instance_uid text not null,
  primary key (facility_id, sop_instance_uid, note_uid),
  foreign key (facility_id, note_uid) references rejection_note
);
do $$
declare
  name text;
begin
  foreach name in array array['rejection_note', 'rejection'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy one_facility on %I using (coalesce(current_setting(''haidang.facility'', true), '''') in ('''', facility_id))',
      name);
    execute format(
      'create trigger %I before update or delete on %I for each row execute function refuse_change()', name || '_append_only', name);
  end loop;
end $$;
