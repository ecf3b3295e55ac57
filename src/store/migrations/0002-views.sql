-- What the views for other systems (FHIR) look for: which models spoke, and what happened when.

create index reading_by_model_file on reading (facility_id, (record->'provenance'->>'modelSha256'), sequence);
create index assessment_by_model_file on assessment (facility_id, (record->'provenance'->>'modelSha256'), sequence);
create index assessment_newest on assessment (facility_id, sequence);
create index reading_newest on reading (facility_id, sequence);
create index study_newest on study (facility_id, received_at, study_uid);
-- Times in entries are ISO 8601 in UTC with milliseconds, so that their texts sort as they do.
create index audit_by_time on audit (facility_id, (entry::jsonb->>'at'));
