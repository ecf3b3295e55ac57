-- The order of reading as columns with an index, so that a page of the worklist touches only its own rows; a search without diacritics.

-- "Nguyễn Đức" and "nguyen duc" are the same words; the service folds a search in the same way (search-words.ts).
create function folded(value text) returns text language sql immutable parallel safe
return translate(regexp_replace(normalize(value, NFD), '[\u0300-\u036f]', '', 'g'),
  'đĐABCDEFGHIJKLMNOPQRSTUVWXYZ', 'ddabcdefghijklmnopqrstuvwxyz');

-- Words of at most 64 characters: an index entry has a bound, a sender's text has none.
create function search_words(value text) returns tsvector language sql immutable parallel safe
return array_to_tsvector(array(
  select distinct left(word, 64) from regexp_split_to_table(folded(value), '[\u0001-\u002f\u003a-\u0060\u007b-\u007f]+') as word
  where word <> ''));

alter table study
  -- Of the current reading; a study without one stands with the routine ones.
  add column found_rank smallint not null default 2,
  add column outcome text,
  -- Set when a person has rejected every alert of the study: then the person's word places it, not the model's.
  add column answered text check (answered in ('overridden', 'false-positive')),
  -- Of the hospital's order.
  add column requested_rank smallint not null default 2,
  add column asked_rank smallint generated always as
    (least(case when answered is null then found_rank else 2::smallint end, requested_rank)) stored,
  add column search tsvector generated always as (search_words(
    coalesce(patient_name, '') || ' ' || coalesce(patient_id, '') || ' ' || coalesce(accession_number, '') || ' '
    || coalesce(treatment_code, '') || ' ' || coalesce(description, '') || ' ' || study_uid)) stored;

create index study_reading_order on study (facility_id, asked_rank, received_at, study_uid) where closed_at is null;
create index study_closed_newest on study (facility_id, closed_at, study_uid) where closed_at is not null;
create index study_search on study using gin (search);

create function requested_rank_of(facility text, accession text, patient text) returns smallint language sql stable
return coalesce((
  select case o.value->>'priority' when 'critical' then 0 when 'urgent' then 1 else 2 end from record o
  where o.facility_id = facility and o.room = 'hl7v2-order' and o.key = accession and o.value->>'state' = 'ordered'
    and (patient is null or patient = o.value->>'patientCode')), 2)::smallint;

create function study_takes_order() returns trigger language plpgsql as $$
begin
  new.requested_rank := requested_rank_of(new.facility_id, new.accession_number, new.patient_id);
  return new;
end $$;
create trigger study_takes_order before insert or update of accession_number, patient_id on study
  for each row execute function study_takes_order();

create function order_places_study() returns trigger language plpgsql as $$
begin
  update study s set requested_rank = requested_rank_of(s.facility_id, s.accession_number, s.patient_id)
  where s.facility_id = new.facility_id and s.accession_number = new.key;
  return new;
end $$;
create trigger order_places_study after insert or update on record
  for each row when (new.room = 'hl7v2-order') execute function order_places_study();

-- A person's answer stands until a reading finds something more urgent.
create function reading_places_study() returns trigger language plpgsql as $$
begin
  update study s set found_rank = new.priority_rank, outcome = new.outcome,
    answered = case when new.priority_rank < s.found_rank then null else s.answered end
  where s.facility_id = new.facility_id and s.study_uid = new.study_uid;
  return new;
end $$;
create trigger reading_places_study after insert on reading
  for each row when (new.superseded_by is null) execute function reading_places_study();

create function rejected_of(facility text, study text) returns text language sql stable
return (
  select case when count(*) filter (where status in ('new', 'seen', 'acknowledged', 'resolved', 'expired')) = 0 then max(status) end
  from alert where facility_id = facility and study_uid = study and superseded_by is null and not suppressed);

create function alert_places_study() returns trigger language plpgsql as $$
begin
  update study s set answered = rejected_of(s.facility_id, s.study_uid)
  where s.facility_id = new.facility_id and s.study_uid = new.study_uid;
  return new;
end $$;
create trigger alert_places_study after insert or update of status, superseded_by on alert
  for each row when (new.study_uid is not null) execute function alert_places_study();

-- What is stored already.
update study s set
  found_rank = coalesce(r.priority_rank, 2), outcome = r.outcome,
  answered = rejected_of(s.facility_id, s.study_uid),
  requested_rank = requested_rank_of(s.facility_id, s.accession_number, s.patient_id)
from study t left join lateral (
  select priority_rank, outcome from reading
  where facility_id = t.facility_id and study_uid = t.study_uid and superseded_by is null order by sequence desc limit 1) r on true
where t.facility_id = s.facility_id and t.study_uid = s.study_uid;
