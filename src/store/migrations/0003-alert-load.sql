-- What the alert budget counts before each decision: the alerts and the patients of the last hour and days.

create index alert_by_time on alert (facility_id, created_at) where not suppressed;
create index assessment_by_time on assessment (facility_id, assessed_at);
