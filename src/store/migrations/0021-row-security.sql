-- Whoever names no facility sees nothing: forgetting to name one hides rows instead of showing all. The service's workers, which serve
-- every facility, say so with `*`.
do $$
declare
  held record;
begin
  for held in select tablename from pg_policies where schemaname = current_schema() and policyname = 'one_facility' loop
    execute format(
      'alter policy one_facility on %I using (coalesce(current_setting(''haidang.facility'', true), '''') in (''*'', facility_id))',
      held.tablename);
  end loop;
end $$;
