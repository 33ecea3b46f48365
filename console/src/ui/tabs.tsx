import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

interface Props {
  readonly tabs: readonly { readonly id: string; readonly label: string; readonly panel: ReactNode }[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

export const Tabs = ({ tabs, value, onChange }: Props) => (
  <Base.Root value={value} onValueChange={(next) => onChange(String(next))} className="stack-lg">
    <Base.List className="tabs">
      {tabs.map(({ id, label }) => (
        <Base.Tab key={id} value={id} className="tab">
          {label}
        </Base.Tab>
      ))}
    </Base.List>
    {tabs.map(({ id, panel }) => (
      <Base.Panel key={id} value={id} className="stack-lg" tabIndex={-1}>
        {panel}
      </Base.Panel>
    ))}
  </Base.Root>
);
