import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Decision } from '../../api/shapes.ts';
import { useApi } from '../../app/session.tsx';
import { quality } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Failed } from '../../ui/state.tsx';

interface Props {
  readonly request: Decision;
  readonly may: boolean;
}

export const FeedbackForm = ({ request, may }: Props) => {
  const api = useApi();
  const queries = useQueryClient();
  const [score, setScore] = useState('0.8');
  const send = useMutation({
    mutationFn: (value: number) =>
      api.POST('/v1/observe', {
        params: { header: { 'x-tenant-id': request.tenant_id } },
        body: { request_id: request.request_id, quality_score: value },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['observation', request.request_id] }),
  });
  if (request.quality_score !== null) {
    return (
      <p>
        Scored <strong className="num">{quality(request.quality_score)}</strong>. A score is given once.
      </p>
    );
  }
  if (!may) return <p className="muted">Not scored. This key may not score answers.</p>;
  const value = Number(score);
  const wrong = score.trim() === '' || !(value >= 0 && value <= 1);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!wrong) send.mutate(value);
  };
  return (
    <form className="row form-start" onSubmit={submit}>
      <TextField
        label="Quality score"
        inputMode="decimal"
        value={score}
        onChange={(event) => setScore(event.target.value)}
        hint="0 is useless, 1 could not be better"
        error={wrong ? 'A number from 0 to 1' : undefined}
      />
      <div className="under-label">
        <Button type="submit" kind="primary" disabled={wrong} busy={send.isPending}>
          Send feedback
        </Button>
      </div>
      {send.isError && <Failed error={send.error} />}
    </form>
  );
};
