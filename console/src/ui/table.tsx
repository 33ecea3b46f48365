/** A table that scrolls sideways where it has to; what scrolls can be reached by keyboard. */
import type { ReactNode } from 'react';
import { useStillWhilePressed } from './use-still.ts';

/** Its heading; numbers stand to the right. One without a name in sight has a name all the same. */
export type Column = string | { readonly right: string } | { readonly unseen: string } | null;

interface Props {
  readonly label: string;
  readonly columns: readonly Column[];
  /** Its rows. */
  readonly children: ReactNode;
}

const nameOf = (column: Exclude<Column, null>): string =>
  typeof column === 'string' ? column : 'right' in column ? column.right : column.unseen;

export const Table = ({ label, columns, children }: Props) => (
  // biome-ignore lint/a11y/useSemanticElements: no fields are grouped here, and a section would be a landmark
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
  <div className="table-wrap" role="group" tabIndex={0} aria-label={label}>
    <table className="table">
      <thead>
        <tr>
          {columns.map((column) => {
            if (column === null) return null;
            const name = nameOf(column);
            const isNumber = typeof column === 'object' && 'right' in column;
            const isUnseen = typeof column === 'object' && 'unseen' in column;
            return (
              <th scope="col" key={name} className={isNumber ? 'right' : undefined}>
                {isUnseen ? <span className="visually-hidden">{name}</span> : name}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>{useStillWhilePressed(children)}</tbody>
    </table>
  </div>
);
