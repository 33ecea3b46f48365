/** Asks of many tenants through one instance of `ws-message` and one of `ws-worker`: frames reach who asked, and nobody else. */
import { describe, expect, it } from 'vitest';
import { FakeSocketGateway } from '../../../support/fakes/socket-gateway.ts';

const TENANTS = Array.from({ length: 8 }, (_, index) => `tenant-${index}`);
const EACH = 8;

describe('64 asks of 8 tenants at once', () => {
  it('are answered on their own connection, in their own words, and written down for their own tenant', async () => {
    const fake = new FakeSocketGateway();
    await fake.gateway.withModel('m', { simulated: { latency_ms: 0, jitter: 0, echo: true } });
    for (const tenant of TENANTS) await fake.open(tenant, tenant);
    const asks = Array.from({ length: TENANTS.length * EACH }, (_, index) => ({
      tenant: TENANTS[index % TENANTS.length] ?? '',
      id: `ask-${index}`,
      prompt: `Number ${index} of tenant ${index % TENANTS.length}`,
    }));

    await Promise.all(
      asks.map(({ tenant, id, prompt }, index) =>
        fake.send(tenant, { type: 'ask', id, prompt, stream: index % 2 === 0 }),
      ),
    );
    await fake.work();

    for (const tenant of TENANTS) {
      const own = asks.filter((ask) => ask.tenant === tenant);
      const answers = fake.frames(tenant).filter(({ type }) => type === 'response');
      expect(answers.map((frame) => ('text' in frame ? [frame.id, frame.text] : [])).sort()).toEqual(
        own.map(({ id, prompt }) => [id, prompt]).sort(),
      );
      const { json } = await fake.gateway.asAdmin('GET /admin/observations', {
        query: { tenant_id: tenant },
      });
      expect((json as unknown as { prompt: string }[]).map(({ prompt }) => prompt).sort()).toEqual(
        own.map(({ prompt }) => prompt).sort(),
      );
    }
  });
});
