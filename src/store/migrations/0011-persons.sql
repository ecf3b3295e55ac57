-- Two records of one person are merged: an assessment stays as it was made, and is found under the number that holds now.
drop trigger assessment_append_only on assessment;
create trigger assessment_kept before update on assessment for each row execute function refuse_rewrite();
create trigger assessment_not_deleted before delete on assessment for each row execute function refuse_change();
