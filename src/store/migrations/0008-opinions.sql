-- What a person says of a finding on the film itself, and not only in answer to an alert.

alter table study_label alter column alert_id drop not null;
