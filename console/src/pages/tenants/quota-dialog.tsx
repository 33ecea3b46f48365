import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { faultsByPath } from '../../api/refusal.ts';
import { useApi } from '../../app/session.tsx';
import { asTexts, LIMIT_FIELDS, readLimits } from '../../lib/quota-form.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Failed } from '../../ui/state.tsx';
import { useToast } from '../../ui/toasts.tsx';

const TIERS = ['free', 'pro', 'enterprise'] as const;
type Tier = (typeof TIERS)[number];

interface Props {
  readonly tenant: string;
  readonly quota: Schemas['QuotaWithUse'] | null;
  readonly onClose: () => void;
}

export const QuotaDialog = ({ tenant, quota, onClose }: Props) => {
  const api = useApi();
  const queries = useQueryClient();
  const toast = useToast();
  const [tier, setTier] = useState<Tier>(quota?.tier ?? 'free');
  const [texts, setTexts] = useState(() => asTexts(quota?.rate_limit));
  const { limits, errors } = readLimits(texts);
  const save = useMutation({
    mutationFn: () =>
      api.PUT('/admin/quotas/{tenant}', {
        params: { path: { tenant } },
        body: { tier, rate_limit: limits, burst_multiplier: quota?.burst_multiplier ?? 1 },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      toast('Limits saved', `They hold for ${tenant}’s next request.`);
      onClose();
    },
  });
  const faults = faultsByPath(save.error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (Object.keys(errors).length === 0) save.mutate();
  };
  return (
    <Dialog
      open
      form
      onClose={onClose}
      title={`Limits of ${tenant}`}
      note="What is left empty comes from the tier. The limits hold for the next request that starts; what is under way ends as it began."
    >
      <form className="stack-lg" onSubmit={submit} noValidate>
        <SelectField
          label="Tier"
          value={tier}
          options={TIERS}
          onChange={(event) => setTier(event.target.value as Tier)}
        />
        <div className="form-grid">
          {LIMIT_FIELDS.map(({ name, label }) => (
            <TextField
              key={name}
              label={label}
              inputMode="decimal"
              autoComplete="off"
              value={texts[name]}
              onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
              error={errors[name] ?? faults[`/rate_limit/${name}`]}
            />
          ))}
        </div>
        {save.isError && <Failed error={save.error} />}
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            kind="primary"
            busy={save.isPending}
            disabled={Object.keys(errors).length > 0}
          >
            Save limits
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
