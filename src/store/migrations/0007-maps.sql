-- The maps of a reading are checked after it is committed: what was found of them, by finding code; null until then.

alter table reading add column maps jsonb;

create function refuse_other_maps() returns trigger language plpgsql as $$
begin
  if old.maps is not null and new.maps is distinct from old.maps then
    raise exception 'the maps of a reading are kept once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger reading_maps_kept before update on reading for each row execute function refuse_other_maps();

-- Urgent work first: the lower the rank, the sooner (src/store/queue/rank.ts).
alter table job add column rank smallint not null default 20;
drop index job_ready;
create index job_ready on job (rank, run_at, created_at) where state = 'waiting';
