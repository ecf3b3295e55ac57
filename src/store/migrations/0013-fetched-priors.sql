-- Films that were fetched from an archive only to be compared with a later one; null where somebody sent the study to us.

alter table study add column fetched_at timestamptz;
create index study_fetched on study (facility_id, fetched_at) where fetched_at is not null;
