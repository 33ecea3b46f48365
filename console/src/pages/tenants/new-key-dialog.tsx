import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { body } from '../../api/client.ts';
import { useApi } from '../../app/session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Failed } from '../../ui/state.tsx';

const ROLES = [
  ['caller', 'caller: asks'],
  ['developer', 'developer: asks'],
  ['owner', 'owner: asks'],
  ['auditor', 'auditor: sees every tenant, changes nothing'],
  ['operator', 'operator: runs the stage'],
] as const;
type Role = (typeof ROLES)[number][0];

interface Props {
  readonly tenant: string;
  readonly onClose: () => void;
}

export const NewKeyDialog = ({ tenant, onClose }: Props) => {
  const api = useApi();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('caller');
  const [days, setDays] = useState('90');
  const [copied, setCopied] = useState<boolean | null>(null);
  const make = useMutation({
    mutationFn: () => {
      const expires =
        days === '' ? {} : { expires_at: new Date(Date.now() + Number(days) * 86_400_000).toISOString() };
      const named = name.trim() === '' ? {} : { name: name.trim() };
      return body(
        api.POST('/admin/keys', { body: { tenant_id: tenant, roles: [role], ...named, ...expires } }),
      );
    },
    onSuccess: () => queries.invalidateQueries(),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  if (make.data !== undefined) {
    const { key } = make.data;
    const copy = async (): Promise<void> => {
      // Not every page may write there: by plain HTTP from elsewhere there is no clipboard at all.
      setCopied(
        (await navigator.clipboard?.writeText(key).then(
          () => true,
          () => false,
        )) ?? false,
      );
    };
    return (
      <Dialog
        open
        onClose={onClose}
        closable={false}
        title="The new key"
        note="Copy it now: it is not kept anywhere and cannot be shown again."
      >
        <code className="secret">{key}</code>
        {copied === false && (
          <div className="notice notice-warn" role="alert">
            The browser does not let this page copy. Select the key above and copy it by hand.
          </div>
        )}
        <div className="dialog-foot">
          <Button icon={copied === true ? 'check' : 'copy'} onClick={() => void copy()}>
            {copied === true ? 'Copied' : 'Copy'}
          </Button>
          <Button kind="primary" onClick={onClose}>
            I have it
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog open form onClose={onClose} title={`Make a key for ${tenant}`}>
      <form className="stack" onSubmit={submit}>
        <TextField
          label="Name"
          value={name}
          maxLength={64}
          autoComplete="off"
          placeholder="what it is for"
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label="Role"
          value={role}
          options={ROLES}
          onChange={(event) => setRole(event.target.value as Role)}
          hint={
            role === 'operator' || role === 'auditor'
              ? 'This role is of the whole stage: it reaches every tenant.'
              : undefined
          }
        />
        <SelectField
          label="Expires"
          value={days}
          options={[
            ['7', 'in 7 days'],
            ['30', 'in 30 days'],
            ['90', 'in 90 days'],
            ['365', 'in a year'],
            ['', 'never'],
          ]}
          onChange={(event) => setDays(event.target.value)}
        />
        {make.isError && <Failed error={make.error} />}
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={make.isPending}>
            Make the key
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
