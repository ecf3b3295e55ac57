-- One row: which data folder belongs to this database, and a place to try whether the database can be written.
create table installation (
  is_single boolean primary key default true check (is_single),
  id uuid not null,
  -- The folder of files carries the same id; false until the first start has written it there.
  folder_marked boolean not null default false,
  tried_at timestamptz not null
);
