import { useMutation } from '@tanstack/react-query';
import { body } from '../../api/client.ts';
import type { TestCall } from '../../api/shapes.ts';
import { useApi } from '../../app/session.tsx';
import { count, ms, usd } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Failed } from '../../ui/state.tsx';

export const useTestCall = (id: string) => {
  const api = useApi();
  return useMutation({
    mutationFn: () => body(api.POST('/admin/adapters/{id}/test', { params: { path: { id } }, body: {} })),
  });
};

export const TestCallCard = ({ id }: { readonly id: string }) => {
  const test = useTestCall(id);
  return (
    <Card
      title="Test call"
      note="A tiny call with a fixed prompt. It costs what the provider charges for a few tokens."
      actions={
        <Button small busy={test.isPending} onClick={() => test.mutate()}>
          Call it
        </Button>
      }
    >
      <div role="status">
        {test.isError && <Failed error={test.error} />}
        {test.data !== undefined && <TestResult result={test.data} />}
        {test.isIdle && <p className="muted">Not tried yet.</p>}
        {test.isPending && <p className="muted">Calling {id}…</p>}
      </div>
    </Card>
  );
};

const TestResult = ({ result }: { readonly result: TestCall }) =>
  result.ok ? (
    <div className="notice notice-good">
      <div>
        It answered in {ms(result.latency_ms)}
        {result.first_byte_ms !== null && `, first byte after ${ms(result.first_byte_ms)}`}:{' '}
        {count(result.tokens_in)} tokens in, {count(result.tokens_out)} out, {usd(result.cost_usd)}.
      </div>
    </div>
  ) : (
    <div className="notice notice-bad">
      <div>
        It failed after {ms(result.latency_ms)}: {result.error?.message ?? 'no reason was given'}
      </div>
    </div>
  );
