import { describe, expect, it } from 'vitest';
import { talking } from '../../../support/fakes/talking.ts';

describe('a message', () => {
  it.each([
    ['nonsense', false, ''],
    ['[1]', false, ''],
    ['{}', false, '/type'],
    ['{"type":"ask","prompt":"x","joe@example.com":1}', false, '/[REDACTED:EMAIL]'],
    ['AAAA', true, ''],
  ])('that is not valid is answered with the field: %s', async (body, binary, path) => {
    const fake = await talking();

    await fake.send('a', body, binary);

    expect(fake.frames('a')).toMatchObject([{ type: 'error', status: 400, errors: [{ path }] }]);
  });

  it('on a connection that is not known is refused', async () => {
    const fake = await talking();
    fake.sockets.open('x');
    const received = fake.sockets.received('x');

    await fake.send('x', { type: 'ping' });

    expect(received[0]).toContain('unauthenticated');
  });

  it('ping is answered with pong', async () => {
    const fake = await talking();

    await fake.send('a', { type: 'ping' });

    expect(fake.frames('a')).toEqual([{ type: 'pong' }]);
  });
});
