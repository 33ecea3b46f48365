/** Registering a model, or changing one; what is wrong is said at its field before anything is sent. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useAdapters } from '../../api/queries.ts';
import { faultsByPath } from '../../api/refusal.ts';
import type { Adapter } from '../../api/shapes.ts';
import { useApi } from '../../app/session.tsx';
import {
  CAPABILITIES,
  emptyForm,
  FIELD_OF_PATH,
  type FormErrors,
  formOf,
  type ModelForm,
  PROVIDERS,
  readForm,
} from '../../lib/model-form.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Failed } from '../../ui/state.tsx';
import { useToast } from '../../ui/toasts.tsx';

interface Props {
  readonly adapter?: Adapter;
  readonly onClose: () => void;
}

export const ModelDialog = ({ adapter, onClose }: Props) => {
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [form, setForm] = useState<ModelForm>(adapter === undefined ? emptyForm : formOf(adapter));
  const [tried, setTried] = useState(false);
  const known = useAdapters().data;
  const read = readForm(form, adapter);
  const { registration } = read;
  const save = useMutation({
    mutationFn: () => api.POST('/admin/adapters', { body: registration }),
    onSuccess: async () => {
      await queries.invalidateQueries();
      toast(adapter === undefined ? 'Model registered' : 'Model saved', 'Decisions know it within 5 s.');
      onClose();
      if (adapter === undefined) await navigate({ to: '/models/$id', params: { id: registration.id } });
    },
  });
  // To register it once more would replace it without a word.
  const isTaken = adapter === undefined && !save.isPending && known?.some(({ id }) => id === form.id);
  const errors: FormErrors = isTaken
    ? { ...read.errors, id: 'Registered already: edit it on its own page' }
    : read.errors;
  const refused: FormErrors = Object.fromEntries(
    Object.entries(faultsByPath(save.error)).flatMap(([path, message]) => {
      const field = FIELD_OF_PATH[path];
      return field === undefined ? [] : [[field, message]];
    }),
  );
  const set = (change: Partial<ModelForm>): void => setForm({ ...form, ...change });
  const error = (field: keyof ModelForm): string | undefined =>
    (tried ? errors[field] : undefined) ?? refused[field];
  const text = (field: keyof ModelForm, label: string, more: { hint?: string; type?: string } = {}) => (
    <TextField
      label={label}
      value={String(form[field])}
      autoComplete="off"
      onChange={(event) => set({ [field]: event.target.value })}
      error={error(field)}
      {...more}
    />
  );
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setTried(true);
    const { currentTarget: shown } = event;
    if (Object.keys(errors).length === 0) save.mutate();
    else requestAnimationFrame(() => shown.querySelector<HTMLElement>('[aria-invalid]')?.focus());
  };
  return (
    <Dialog
      open
      wide
      form
      onClose={onClose}
      title={adapter === undefined ? 'Register a model' : `Edit ${adapter.id}`}
      note={adapter === undefined ? undefined : 'What is saved replaces what is registered under this id.'}
    >
      <form className="stack-lg" onSubmit={submit} noValidate>
        <div className="form-grid">
          {adapter === undefined && text('id', 'Id', { hint: 'by which it is named here' })}
          <SelectField
            label="Provider"
            value={form.provider}
            options={PROVIDERS}
            onChange={(event) => set({ provider: event.target.value as ModelForm['provider'] })}
            error={error('provider')}
          />
          {text('model', 'Provider’s name of it', { hint: 'the id where left empty' })}
          {text('input', 'Input, $ a million tokens')}
          {text('output', 'Output, $ a million tokens')}
          {text('quality', 'Quality, expected', { hint: '0 to 1; feedback corrects it' })}
          {text('latency', 'Latency, expected ms')}
          {text('context', 'Context, tokens')}
          {text('longest', 'Longest answer, tokens')}
        </div>
        {form.provider === 'simulated' ? (
          <div className="form-grid">
            {text('simulatedQuality', 'True quality', { hint: 'what it really gives, 0 to 1' })}
            {text('faultRate', 'Fault rate', { hint: 'share of calls that fail, 0 to 1' })}
          </div>
        ) : (
          <div className="form-grid">
            {text('address', 'Address', { hint: 'the provider’s own where left empty' })}
            {text('apiKey', 'API key', {
              type: 'password',
              hint:
                adapter?.secret_name === undefined
                  ? 'kept in the secret store'
                  : 'left empty, the kept one stays',
            })}
          </div>
        )}
        <fieldset className="row plain-fieldset">
          <legend className="field-label">It can</legend>
          {CAPABILITIES.map((name) => (
            <label className="check" key={name}>
              <input
                type="checkbox"
                checked={form.capabilities.includes(name)}
                onChange={(event) =>
                  set({
                    capabilities: event.target.checked
                      ? [...form.capabilities, name]
                      : form.capabilities.filter((one) => one !== name),
                  })
                }
              />
              {name}
            </label>
          ))}
        </fieldset>
        <label className="check">
          <input
            type="checkbox"
            checked={form.enabled}
            onChange={(event) => set({ enabled: event.target.checked })}
          />
          Enabled: requests may go to it
        </label>
        {adapter?.enabled === true && !form.enabled && (
          <div className="notice notice-warn" role="status">
            Once this is saved, requests stop going to it within 5 seconds; those under way end.
          </div>
        )}
        {save.isError && <Failed error={save.error} />}
        <div className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={save.isPending}>
            {adapter === undefined ? 'Register' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
