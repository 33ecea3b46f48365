/** A chat against the router, to see what a caller would see. */
import { Link } from '@tanstack/react-router';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useAdapters, usePolicies, useTenants } from '../../api/queries.ts';
import { useMay } from '../../app/session.tsx';
import { count, ms } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Card, PageHead } from '../../ui/card.tsx';
import { AreaField, SelectField } from '../../ui/field.tsx';
import { Empty, Failed, unread } from '../../ui/state.tsx';
import { type Figures, type Turn, useChat } from './use-chat.ts';

const AUTO = [
  ['auto', 'auto: the policy decides'],
  ['auto:fast', 'auto:fast'],
  ['auto:balanced', 'auto:balanced'],
  ['auto:high', 'auto:high'],
] as const;

export const Playground = () => {
  const chat = useChat();
  const mayAsk = useMay('ask');
  const adapters = useAdapters();
  const policies = usePolicies();
  const tenants = useTenants();
  const [model, setModel] = useState('auto');
  const [tenant, setTenant] = useState('default');
  const models = (adapters.data ?? []).filter(({ enabled }) => enabled).map(({ id }) => id);
  const named = (policies.data ?? []).map(({ id }) => [id, `policy ${id}`] as const);
  return (
    <>
      <PageHead title="Playground">
        Real requests: they cost, count against the tenant’s limits and are written down.
      </PageHead>
      <div className="split">
        <Card
          title="Chat"
          actions={
            <Button small onClick={chat.clear} disabled={chat.turns.length === 0}>
              New chat
            </Button>
          }
          flush
        >
          <Conversation turns={chat.turns} busy={chat.busy} />
          <div className="stack chat-foot">
            {chat.error !== null && <Failed error={chat.error} />}
            {mayAsk ? (
              <Composer
                busy={chat.busy}
                stop={chat.stop}
                send={(text) => void chat.send(text, { model, tenant })}
              />
            ) : (
              <p className="muted">An auditor’s key asks nothing.</p>
            )}
          </div>
        </Card>
        <div className="stack-lg">
          <Card title="Who answers">
            <div className="stack">
              <SelectField
                label="Model"
                value={model}
                options={[...AUTO, ...named, ...models]}
                error={unread('models', adapters) ?? unread('policies', policies)}
                onChange={(event) => setModel(event.target.value)}
              />
              <SelectField
                label="On behalf of"
                value={tenant}
                options={[...new Set(['default', ...(tenants.data ?? []).map((row) => row.tenant_id)])]}
                error={unread('tenants', tenants)}
                onChange={(event) => setTenant(event.target.value)}
              />
            </div>
          </Card>
          <Reply figures={chat.figures} tenant={tenant} />
        </div>
      </div>
    </>
  );
};

const Conversation = ({ turns, busy }: { readonly turns: readonly Turn[]; readonly busy: boolean }) => {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (turns.length > 0) end.current?.scrollIntoView({ block: 'nearest' });
  }, [turns]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <div className="chat" role="log" aria-label="Conversation" aria-busy={busy} tabIndex={0}>
      {turns.length === 0 && (
        <Empty title="Nothing said yet">Ask something; the answer comes as it is written.</Empty>
      )}
      {turns.map((turn) => (
        <div key={turn.id} className={turn.role === 'user' ? 'bubble bubble-user' : 'bubble'}>
          <span className="visually-hidden">{turn.role === 'user' ? 'You: ' : 'Answer: '}</span>
          {turn.text === '' ? '…' : turn.text}
          {turn.note !== undefined && <div className="bubble-note">{turn.note}</div>}
        </div>
      ))}
      <div ref={end} />
    </div>
  );
};

interface ComposerProps {
  readonly busy: boolean;
  readonly send: (text: string) => void;
  readonly stop: () => void;
}

const Composer = ({ busy, send, stop }: ComposerProps) => {
  const [text, setText] = useState('');
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (text.trim() === '' || busy) return;
    send(text.trim());
    setText('');
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    }
  };
  return (
    <form className="stack" onSubmit={submit}>
      <AreaField
        label="Message"
        rows={3}
        value={text}
        onKeyDown={onKey}
        onChange={(event) => setText(event.target.value)}
        hint="Enter sends, Shift and Enter begin a new line"
      />
      <div className="row">
        <Button type="submit" kind="primary" icon="send" disabled={busy || text.trim() === ''}>
          Send
        </Button>
        {busy && <Button onClick={stop}>Stop</Button>}
      </div>
    </form>
  );
};

const Reply = ({ figures, tenant }: { readonly figures: Figures; readonly tenant: string }) => {
  const id = figures.headers.find(({ name }) => name === 'x-request-id')?.value;
  return (
    <Card title="The reply" note="what a caller can read off it">
      {figures.headers.length === 0 ? (
        <p className="muted">Headers and times of the newest reply show here.</p>
      ) : (
        <div className="stack">
          <dl className="dl">
            <dt>First text after</dt>
            <dd className="num">{ms(figures.firstMs)}</dd>
            <dt>Whole answer</dt>
            <dd className="num">{ms(figures.totalMs)}</dd>
            <dt>Tokens</dt>
            <dd className="num">
              {count(figures.tokensIn)} in, {count(figures.tokensOut)} out
            </dd>
          </dl>
          <dl className="headers">
            {figures.headers.map(({ name, value, meaning }) => (
              <div key={name}>
                <dt className="mono">
                  {name}: <strong>{value}</strong>
                </dt>
                <dd className="muted small">{meaning}</dd>
              </div>
            ))}
          </dl>
          {id !== undefined && figures.totalMs !== null && (
            <Link to="/requests/$id" params={{ id }} search={{ tenant }}>
              See how it was decided
            </Link>
          )}
        </div>
      )}
    </Card>
  );
};
