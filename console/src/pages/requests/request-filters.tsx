import { useNavigate } from '@tanstack/react-router';
import { useAdapters, useTenants } from '../../api/queries.ts';
import { type Filters, OUTCOMES, readFilters, toLocalInput } from '../../lib/filters.ts';
import { words } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { unread } from '../../ui/state.tsx';

const ANY = ['', 'All'] as const;

/** What is known, and what the address names even where it is not known. */
const withNamed = (names: readonly string[], named: string | undefined) => [
  ANY,
  ...[...new Set([...names, ...(named === undefined ? [] : [named])])].sort(),
];

export const RequestFilters = ({ filters }: { readonly filters: Filters }) => {
  const navigate = useNavigate();
  const tenants = useTenants();
  const models = useAdapters();
  const tenantIds = tenants.data?.map(({ tenant_id }) => tenant_id) ?? [];
  const modelIds = models.data?.map(({ id }) => id) ?? [];
  const set = (change: Record<string, string>): void => {
    void navigate({ to: '/requests', search: readFilters({ ...filters, ...change }), replace: true });
  };
  return (
    <search className="filters" aria-label="Filter requests">
      <SelectField
        label="Tenant"
        value={filters.tenant ?? ''}
        options={withNamed(tenantIds, filters.tenant)}
        error={unread('tenants', tenants)}
        onChange={(event) => set({ tenant: event.target.value })}
      />
      <SelectField
        label="Model"
        value={filters.model ?? ''}
        options={withNamed(modelIds, filters.model)}
        error={unread('models', models)}
        onChange={(event) => set({ model: event.target.value })}
      />
      <SelectField
        label="Outcome"
        value={filters.outcome ?? ''}
        options={[ANY, ...OUTCOMES.map((outcome) => [outcome, words(outcome)] as const)]}
        onChange={(event) => set({ outcome: event.target.value })}
      />
      <TextField
        label="From"
        type="datetime-local"
        value={toLocalInput(filters.since)}
        onChange={(event) => set({ since: event.target.value })}
      />
      <TextField
        label="Until"
        type="datetime-local"
        value={toLocalInput(filters.until)}
        onChange={(event) => set({ until: event.target.value })}
      />
      {Object.keys(filters).length > 0 && (
        <Button onClick={() => void navigate({ to: '/requests', search: {}, replace: true })}>Clear</Button>
      )}
    </search>
  );
};
