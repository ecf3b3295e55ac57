-- Work that gave up is counted at every scrape of the metrics; finished jobs stay for days, so the table is too long to be scanned.
create index job_dead on job (kind) where state = 'dead';
create index refusal_newest on refusal (at);
