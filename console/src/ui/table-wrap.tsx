/** A table that scrolls sideways where it has to; what scrolls can be reached by keyboard. */
import type { ReactNode } from 'react';

export const TableWrap = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  // biome-ignore lint/a11y/useSemanticElements: no fields are grouped here, and a section would be a landmark
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
  <div className="table-wrap" role="group" tabIndex={0} aria-label={label}>
    {children}
  </div>
);
