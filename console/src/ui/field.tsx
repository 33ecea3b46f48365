import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';

interface Around {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  /** The label is read, not seen. */
  readonly quiet?: boolean;
}

const Frame = ({
  id,
  label,
  hint,
  error,
  quiet = false,
  children,
}: Around & { id: string; children: ReactNode }) => (
  <div className="field">
    <label htmlFor={id} className={quiet ? 'visually-hidden' : undefined}>
      {label}
    </label>
    {children}
    {error !== undefined && (
      <span className="field-error" id={`${id}-error`}>
        {error}
      </span>
    )}
    {error === undefined && hint !== undefined && (
      <span className="field-hint" id={`${id}-hint`}>
        {hint}
      </span>
    )}
  </div>
);

const described = (id: string, { hint, error }: Around) => ({
  'aria-invalid': error === undefined ? undefined : true,
  'aria-describedby': error !== undefined ? `${id}-error` : hint !== undefined ? `${id}-hint` : undefined,
});

export const TextField = ({
  label,
  hint,
  error,
  ...rest
}: Around & InputHTMLAttributes<HTMLInputElement>) => {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <input {...rest} id={id} className="input" {...described(id, { label, hint, error })} />
    </Frame>
  );
};

export const AreaField = ({
  label,
  hint,
  error,
  ...rest
}: Around & TextareaHTMLAttributes<HTMLTextAreaElement>) => {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea {...rest} id={id} className="input" {...described(id, { label, hint, error })} />
    </Frame>
  );
};

export type Option = string | readonly [value: string, label: string];

export const SelectField = ({
  label,
  hint,
  error,
  quiet,
  options,
  ...rest
}: Around & { readonly options: readonly Option[] } & SelectHTMLAttributes<HTMLSelectElement>) => {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error} quiet={quiet ?? false}>
      <select {...rest} id={id} className="input" {...described(id, { label, hint, error })}>
        {options.map((option) => {
          const [value, text] = typeof option === 'string' ? [option, option] : option;
          return (
            <option key={value} value={value}>
              {text}
            </option>
          );
        })}
      </select>
    </Frame>
  );
};
