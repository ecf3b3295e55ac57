// The first row of a table: one title for each column.

export const HeadRow = ({ titles }: { readonly titles: readonly string[] }) => (
  <thead>
    <tr>
      {titles.map((title) => (
        <th key={title}>{title}</th>
      ))}
    </tr>
  </thead>
);
