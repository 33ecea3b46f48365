/** What stands where data is not (yet): one look for loading, empty, failed and stale. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { RefusedError } from '../api/refusal.ts';
import { clock, reasonName } from '../lib/format.ts';
import { Button } from './button.tsx';

export const Loading = ({ what = 'Loading' }: { readonly what?: string }) => (
  <div className="state" role="status">
    <span className="spinner" aria-hidden="true" />
    <span>{what}…</span>
  </div>
);

export const Empty = ({ title, children }: { readonly title: string; readonly children?: ReactNode }) => (
  <div className="state">
    <strong>{title}</strong>
    {children !== undefined && <p>{children}</p>}
  </div>
);

export const messageOf = (error: unknown): string => {
  if (error instanceof RefusedError) {
    const faults = error.faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
    return faults === '' ? error.message : `${error.message} ${faults}`;
  }
  return error instanceof Error ? error.message : String(error);
};

/** Why each model is out, where none is left. */
const reasonsOf = (error: unknown): readonly { readonly id: string; readonly reason: string }[] =>
  error instanceof RefusedError && Array.isArray(error.more.reasons) ? error.more.reasons : [];

export const Failed = ({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) => (
  <div className="notice notice-bad" role="alert">
    <div>
      <strong>{error instanceof RefusedError ? `${error.code.replaceAll('_', ' ')}: ` : ''}</strong>
      {messageOf(error)}
      {reasonsOf(error).length > 0 && (
        <ul className="small">
          {reasonsOf(error).map(({ id, reason }) => (
            <li key={id}>
              {id}: {reasonName(reason)}
            </li>
          ))}
        </ul>
      )}
      {error instanceof RefusedError && error.requestId !== undefined && (
        <div className="small mono">request {error.requestId}</div>
      )}
    </div>
    {retry !== undefined && (
      <Button small onClick={retry}>
        Try again
      </Button>
    )}
  </div>
);

/** For a field whose choices could not be had, so that a short list is not taken for all there is. */
export const unread = (what: string, query: Pick<UseQueryResult, 'isError' | 'error'>): string | undefined =>
  query.isError ? `Not all ${what} are here: ${messageOf(query.error)}` : undefined;

interface LoadedProps<T> {
  /** Of one page or of many. */
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error' | 'isError' | 'dataUpdatedAt'> & {
    refetch(): unknown;
  };
  readonly what?: string;
  readonly children: (data: T) => ReactNode;
}

/** A query's data; an older answer stays, and is named so, where a newer one could not be had. */
export const Loaded = <T,>({ query, what, children }: LoadedProps<T>) => {
  const retry = (): void => void query.refetch();
  if (query.data === undefined) {
    if (query.isError) return <Failed error={query.error} retry={retry} />;
    return <Loading {...(what === undefined ? {} : { what })} />;
  }
  return (
    <>
      {query.isError && (
        <div className="notice notice-warn" role="status">
          <div>
            As of {clock(query.dataUpdatedAt, Date.now())}: {messageOf(query.error)}
          </div>
          <Button small onClick={retry}>
            Try again
          </Button>
        </div>
      )}
      {children(query.data)}
    </>
  );
};
