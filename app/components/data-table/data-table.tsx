import type { ReactNode } from 'react';
import { cn } from '../class-names.ts';
import { Table, TableBody, TableCaption, TableCell, TableHead, TableHeader, TableRow } from '../ui/table.tsx';
import { Pagination } from './pagination.tsx';
import { RowCheckbox, SelectAllCheckbox } from './selection.tsx';
import { SortHeader } from './sort-header.tsx';
import type { TableState } from './table-state.ts';

export interface Column<Row> {
  id: string;
  header: string;
  /** The name of the sort it stands for in the URL, where the list can be sorted by it. */
  sort?: string;
  align?: 'right';
  /** `wide` columns leave on a phone. */
  show?: 'wide';
  /** The header is for screen readers only. */
  hideHeader?: boolean;
  className?: string;
  cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row extends { id: string }> {
  /** What the table lists, for screen readers. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  total: number;
  state: TableState;
  /** Names a row for its checkbox; rows can be selected only where it is given, inside a `<Selection>`. */
  rowLabel?: (row: Row) => string;
  /** Shown instead of the table when there is no row. */
  empty: ReactNode;
}

function columnClasses<Row>(column: Column<Row>): string {
  return cn(column.align === 'right' && 'text-right', column.show === 'wide' && 'max-md:hidden', column.className);
}

/** A list in pages. The server sorts, filters and cuts; the URL holds the state, so every view can be linked to. */
export function DataTable<Row extends { id: string }>(props: DataTableProps<Row>) {
  const { caption, columns, rows, total, state, rowLabel, empty } = props;
  if (rows.length === 0) return <div className="rounded-lg border bg-surface shadow-raised">{empty}</div>;
  return (
    <div className="overflow-hidden rounded-lg border bg-surface shadow-raised">
      <Table>
        <TableCaption>{caption}</TableCaption>
        <TableHeader>
          <tr>
            {rowLabel && (
              <TableHead className="w-9 pr-0">
                <SelectAllCheckbox ids={rows.map((row) => row.id)} />
              </TableHead>
            )}
            {columns.map((column) => (
              <SortHeader key={column.id} column={column} state={state} className={columnClasses(column)} />
            ))}
          </tr>
        </TableHeader>
        <TableBody>
          {rows.map((row) => (
            <TableRow key={row.id} className="has-[[data-row-checkbox][data-state=checked]]:bg-accent/50">
              {rowLabel && (
                <TableCell className="w-9 pr-0">
                  <RowCheckbox id={row.id} label={rowLabel(row)} />
                </TableCell>
              )}
              {columns.map((column) => (
                <TableCell key={column.id} className={columnClasses(column)}>
                  {column.cell(row)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <Pagination total={total} state={state} />
    </div>
  );
}
