-- A laboratory corrects or withdraws what it sent: the old row stays, and is used no more.

alter table measurement add column result_key text, add column withdrawn_at timestamptz;
alter table report add column result_key text, add column withdrawn_at timestamptz;
create index measurement_by_result on measurement (facility_id, result_key) where result_key is not null;
create index report_by_result on report (facility_id, result_key) where result_key is not null;
