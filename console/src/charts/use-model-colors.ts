/** A model has one colour on all pages: by its place among all that are registered, and those seen besides. */
import { useMemo } from 'react';
import { useAdapters } from '../api/queries.ts';
import { colorsOf } from './palette.ts';

export const useModelColors = (seen: readonly string[]): ((id: string) => string) => {
  const registered = useAdapters().data;
  const names = [...new Set([...(registered ?? []).map(({ id }) => id), ...seen])].sort().join(' ');
  return useMemo(() => {
    const colors = colorsOf(names.split(' '));
    return (id) => colors.get(id) ?? 'var(--c8)';
  }, [names]);
};
