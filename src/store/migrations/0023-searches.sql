-- A search of the audit by user, by action or by time reads an index, not the text of every entry; an inbox reads open alerts only.

-- Generated from the entry, so that none can say otherwise than what is hashed.
alter table audit
  add column actor text generated always as (entry::jsonb->>'actor') stored,
  add column action text generated always as (entry::jsonb->>'action') stored,
  -- ISO 8601 in UTC with milliseconds: its texts sort as the moments do.
  add column at text generated always as (entry::jsonb->>'at') stored;
drop index audit_by_time;
create index audit_by_time on audit (facility_id, at, sequence);
create index audit_by_actor on audit (facility_id, actor, at, sequence);
create index audit_by_action on audit (facility_id, action, at, sequence);

create index alert_open on alert (facility_id) where status in ('new', 'seen', 'acknowledged') and superseded_by is null;
