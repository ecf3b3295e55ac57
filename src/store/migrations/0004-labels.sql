-- What people said of single findings of a study, from their answers to alerts; of the other findings they said nothing.

create table study_label (
  facility_id text not null references facility,
  study_uid text not null,
  finding_code text not null,
  present boolean not null,
  alert_id uuid not null references alert,
  said_by text not null,
  at timestamptz not null,
  primary key (facility_id, study_uid, finding_code)
);
alter table study_label enable row level security;
alter table study_label force row level security;
create policy one_facility on study_label
  using (coalesce(current_setting('haidang.facility', true), '') in ('', facility_id));
