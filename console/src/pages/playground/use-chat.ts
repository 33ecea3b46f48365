/** A conversation through the chat completions route, as any client would have it. */
import { useRef, useState } from 'react';
import { readEvents } from '../../api/event-stream.ts';
import { useApi } from '../../app/session.tsx';
import { type ExplainedHeader, explained } from '../../lib/reply-headers.ts';

export interface Turn {
  readonly id: number;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly note?: string;
}

export interface Wish {
  readonly model: string;
  readonly tenant: string;
}

export interface Figures {
  readonly headers: readonly ExplainedHeader[];
  readonly firstMs: number | null;
  readonly totalMs: number | null;
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
}

interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
  readonly error?: { readonly message: string };
}

const NOTHING: Figures = { headers: [], firstMs: null, totalMs: null, tokensIn: null, tokensOut: null };

export const useChat = () => {
  const api = useApi();
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const [figures, setFigures] = useState<Figures>(NOTHING);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const stopping = useRef<AbortController | null>(null);

  const answer = (id: number, change: (turn: Turn) => Turn): void =>
    setTurns((before) => before.map((turn) => (turn.id === id ? change(turn) : turn)));

  const send = async (text: string, { model, tenant }: Wish): Promise<void> => {
    const asked: Turn = { id: Date.now(), role: 'user', text };
    const reply: Turn = { id: asked.id + 1, role: 'assistant', text: '' };
    const messages = [...turns, asked].map(({ role, text: content }) => ({ role, content }));
    setTurns([...turns, asked, reply]);
    setBusy(true);
    setError(null);
    setFigures(NOTHING);
    const stop = new AbortController();
    stopping.current = stop;
    const began = performance.now();
    try {
      const response = await api.raw('/v1/chat/completions', {
        method: 'POST',
        signal: stop.signal,
        headers: { 'content-type': 'application/json', 'x-tenant-id': tenant },
        body: JSON.stringify({ model, messages, stream: true, stream_options: { include_usage: true } }),
      });
      setFigures((before) => ({ ...before, headers: explained(response.headers) }));
      for await (const { data } of readEvents(response)) {
        if (data === '[DONE]') break;
        const chunk = JSON.parse(data) as Chunk;
        if (chunk.error !== undefined) throw new Error(chunk.error.message);
        const piece = chunk.choices?.[0]?.delta?.content ?? '';
        if (piece !== '') {
          const after = performance.now() - began;
          setFigures((before) => ({ ...before, firstMs: before.firstMs ?? after }));
          answer(reply.id, (turn) => ({ ...turn, text: turn.text + piece }));
        }
        const { usage } = chunk;
        if (usage) {
          const { prompt_tokens: tokensIn, completion_tokens: tokensOut } = usage;
          setFigures((before) => ({ ...before, tokensIn, tokensOut }));
        }
      }
      setFigures((before) => ({ ...before, totalMs: performance.now() - began }));
      answer(reply.id, (turn) => ({ ...turn, note: response.headers.get('x-atp-model') ?? model }));
    } catch (cause) {
      if (stop.signal.aborted) answer(reply.id, (turn) => ({ ...turn, note: 'stopped' }));
      else {
        setError(cause);
        // What was not answered is not part of the conversation.
        setTurns((before) => before.filter(({ id, text: said }) => id !== reply.id || said !== ''));
      }
    } finally {
      setBusy(false);
    }
  };

  return {
    turns,
    figures,
    busy,
    error,
    send,
    stop: (): void => stopping.current?.abort(),
    clear: (): void => {
      stopping.current?.abort();
      setTurns([]);
      setFigures(NOTHING);
      setError(null);
    },
  };
};
