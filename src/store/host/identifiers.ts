// Ids that come from outside → what can be compared with a uuid column.

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** A text that is no UUID matches no row, instead of making PostgreSQL complain. */
export const asUuid = (id: string): string => (UUID.test(id) ? id : NOBODY);
