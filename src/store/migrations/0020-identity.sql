-- People, systems and sessions. Who somebody is has to be known before their facility is, so these rows are read across facilities,
-- by the login alone; secrets are kept as hashes only.
create table account (
  login text primary key,
  facility_id text not null references facility,
  roles text[] not null,
  -- Argon2id in the PHC string format.
  password text not null,
  must_change boolean not null default false,
  failures integer not null default 0,
  locked_until timestamptz,
  disabled_at timestamptz,
  created_at timestamptz not null,
  changed_at timestamptz not null
);

create table session (
  token_hash text primary key,
  facility_id text not null references facility,
  actor text not null,
  roles text[] not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  ends_at timestamptz not null
);
create index session_by_end on session (ends_at);

create table api_key (
  id text primary key,
  facility_id text not null references facility,
  name text not null,
  roles text[] not null,
  secret_hash text not null,
  created_at timestamptz not null,
  ends_at timestamptz,
  revoked_at timestamptz,
  unique (facility_id, name)
);

do $$
declare
  name text;
begin
  foreach name in array array['account', 'session', 'api_key'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy one_facility on %I using (coalesce(current_setting(''haidang.facility'', true), '''') in ('''', facility_id))',
      name);
  end loop;
end $$;
