import { describe, expect, it } from 'vitest';
import { MemoryAuditStore } from '../../../../shared/adapters/memory/audit-store.ts';
import { MemorySecretStore } from '../../../../shared/adapters/memory/secret-store.ts';
import type { ChainStep } from '../../../../shared/ports/audit-store.ts';
import { auditLog, change, verify } from '../../../support/fakes/audit.ts';

describe('AuditLog', () => {
  it('writes down once what was written although the reply was lost', async () => {
    class Deaf extends MemoryAuditStore {
      override async append(steps: readonly ChainStep[]): Promise<boolean> {
        await super.append(steps);
        return false;
      }
    }
    const store = new Deaf();

    const id = await auditLog(store).append('tenant#acme', change());

    expect((await store.entries('tenant#acme', 0, 10)).map((entry) => entry.id)).toEqual([id]);
    expect(await verify(store)).toMatchObject({ ok: true });
  });

  it('fails where another is always there first', async () => {
    class Contended extends MemoryAuditStore {
      override append = async (): Promise<boolean> => false;
    }

    await expect(auditLog(new Contended()).append('tenant#acme', change())).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('fails where the key is missing, and where the store is away', async () => {
    class Away extends MemoryAuditStore {
      override head = (): Promise<never> => Promise.reject(new Error('away'));
    }
    const secrets = new MemorySecretStore();

    await expect(auditLog(new MemoryAuditStore(), { secrets }).append('a', change())).rejects.toMatchObject({
      code: 'unavailable',
    });
    await expect(auditLog(new Away()).append('a', change())).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('fails no chain for another that cannot be written', async () => {
    class Half extends MemoryAuditStore {
      override async append(steps: readonly ChainStep[]): Promise<boolean> {
        if (steps.some(({ to }) => to.chain === 'tenant#bad')) throw new Error('no');
        return super.append(steps);
      }
    }
    const log = auditLog(new Half());

    const [good, bad] = await Promise.allSettled([
      log.append('tenant#good', change()),
      log.append('tenant#bad', change()),
    ]);

    expect([good.status, bad.status]).toEqual(['fulfilled', 'rejected']);
  });
});
