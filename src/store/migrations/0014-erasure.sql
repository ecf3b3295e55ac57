-- Evidence is append-only, but for one case: the data of one person are erased by law. The transaction that erases says so by a setting
-- of its own, and leaves an audit entry with the ids of what it took away; the audit trail itself is never changed.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and tg_table_name not in ('audit', 'audit_head') and current_setting('haidang.erasing', true) = 'on' then
    return old;
  end if;
  raise exception 'rows of % are append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
