import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { body } from '../../api/client.ts';
import type { Preview } from '../../api/shapes.ts';
import { useApi } from '../../app/session.tsx';
import { pieces } from '../../lib/mask.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { AreaField, SelectField } from '../../ui/field.tsx';
import { Failed } from '../../ui/state.tsx';

const MODES = ['redact', 'pseudonymise', 'observe', 'block', 'off'] as const;
const EXAMPLE =
  'Write to Ada Lovelace at ada@example.com or call +44 20 7946 0018 about card 4111 1111 1111 1111.';

export const PreviewCard = () => {
  const api = useApi();
  const [text, setText] = useState(EXAMPLE);
  const [mode, setMode] = useState<Preview['mode']>('redact');
  const preview = useMutation({
    mutationFn: async (asked: { text: string; mode: Preview['mode'] }) => {
      return { asked: asked.text, found: await body(api.POST('/admin/privacy/preview', { body: asked })) };
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text !== '') preview.mutate({ text, mode });
  };
  return (
    <Card title="Try it" note="What would be found and masked. The text is not kept, logged or counted.">
      <div className="grid-2">
        <form className="stack" onSubmit={submit}>
          <AreaField
            label="Text"
            rows={5}
            maxLength={20_000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <div className="row form-foot">
            <SelectField
              label="Mode"
              value={mode}
              options={MODES}
              onChange={(event) => setMode(event.target.value as Preview['mode'])}
            />
            <Button type="submit" kind="primary" busy={preview.isPending} disabled={text === ''}>
              Look for personal data
            </Button>
          </div>
          {preview.isError && <Failed error={preview.error} />}
        </form>
        <div className="stack" role="status">
          {preview.data === undefined ? (
            <p className="muted">
              What was found shows here, marked in your text, beside what a provider would see.
            </p>
          ) : (
            <Result asked={preview.data.asked} found={preview.data.found} />
          )}
        </div>
      </div>
    </Card>
  );
};

const Result = ({ asked, found }: { readonly asked: string; readonly found: Preview }) => (
  <>
    <div className="row">
      <Badge tone={found.findings.length > 0 ? 'warn' : 'good'}>{found.findings.length} found</Badge>
      <Badge>{found.detector === 'rules' ? 'by patterns' : 'by patterns and model'}</Badge>
      {found.partial && <Badge tone="warn">names were not looked for</Badge>}
    </div>
    <div className="field">
      <span className="field-label">Found</span>
      <p className="prompt">
        {pieces(asked, found.findings).map(({ text, at, type }) =>
          type === null ? (
            <span key={at}>{text}</span>
          ) : (
            <mark className="found" key={at} title={type}>
              {text}
              <span className="visually-hidden"> ({type.replaceAll('_', ' ')})</span>
            </mark>
          ),
        )}
      </p>
    </div>
    <div className="field">
      <span className="field-label">Written down</span>
      <p className="prompt">{found.masked}</p>
    </div>
    <div className="field">
      <span className="field-label">A provider sees</span>
      <p className="prompt">{found.sent ?? 'Nothing: the request is refused.'}</p>
    </div>
  </>
);
