import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEvents } from '../../../console/src/api/event-stream.ts';
import { faultsByPath, refusalOf } from '../../../console/src/api/refusal.ts';
import { readSettings } from '../../../console/src/api/settings.ts';
import { pieces } from '../../../console/src/lib/mask.ts';
import { may, opensConsole } from '../../../console/src/lib/permissions.ts';
import { explained } from '../../../console/src/lib/reply-headers.ts';

describe('what the router answers', () => {
  test('a problem document becomes its detail, code and faults by field', () => {
    const text = JSON.stringify({
      code: 'invalid_request',
      detail: 'The body is not valid.',
      request_id: 'r-1',
      errors: [{ path: '/rate_limit/rps', message: 'Too small' }],
    });
    const error = refusalOf(400, text);
    expect(error).toMatchObject({ code: 'invalid_request', status: 400, requestId: 'r-1' });
    expect(error.message).toBe('The body is not valid.');
    expect(faultsByPath(error)).toEqual({ '/rate_limit/rps': 'Too small' });
  });

  test('so does a vendor’s error, and a reply that is not JSON says its status', () => {
    const vendor = refusalOf(429, '{"error":{"message":"Slow down","code":"rate_limited"}}');
    expect([vendor.code, vendor.message]).toEqual(['rate_limited', 'Slow down']);
    expect(refusalOf(502, '<html>').message).toBe('The router answered 502.');
  });

  test('events arrive whole, however the bytes were cut', async () => {
    const bytes = new TextEncoder().encode('event: series\ndata: {"é":1}\n\n: keep-alive\n\ndata: two\n\n');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (size) => {
        const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
          start(controller) {
            for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
            controller.close();
          },
        });
        const events = [];
        for await (const event of readEvents(new Response(body))) events.push(event);
        expect(events).toEqual([
          { event: 'series', data: '{"é":1}' },
          { event: 'message', data: 'two' },
        ]);
      }),
    );
  });

  test('only headers that are there are explained', () => {
    const headers = new Headers({ 'x-atp-model': 'small', server: 'x' });
    expect(explained(headers).map(({ name, value }) => [name, value])).toEqual([['x-atp-model', 'small']]);
  });
});

describe('where the router is', () => {
  test('the stage’s settings are read with care', () => {
    expect(readSettings({ api: 'https://api.example/' })).toEqual({ api: 'https://api.example' });
    expect(readSettings(null)).toEqual({ api: '' });
    expect(readSettings({ api: 5, oidc: { issuer: 'x' } })).toEqual({ api: '' });
  });
});

describe('who may what', () => {
  test('an auditor reads and nothing else; scopes narrow an operator', () => {
    const auditor = { roles: ['auditor'] };
    expect(['keys:read', 'keys:write', 'plan', 'ask', 'observe'].map((scope) => may(auditor, scope))).toEqual(
      [true, false, false, false, false],
    );
    expect(may({ roles: ['operator'] }, 'keys:write')).toBe(true);
    expect(may({ roles: ['operator'], scopes: ['keys:read'] }, 'keys:write')).toBe(false);
  });

  test('a tenant’s own key opens no console', () => {
    expect(opensConsole({ roles: ['owner', 'caller'] })).toBe(false);
    expect(opensConsole({ roles: ['caller', 'auditor'] })).toBe(true);
  });
});

describe('marking what was found', () => {
  test('the pieces are the text again, and overlapping findings do not double it', () => {
    const found = fc.array(fc.record({ type: fc.constant('EMAIL'), start: fc.nat(30), end: fc.nat(30) }));
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), found, (text, findings) => {
        const within = findings.filter(({ end }) => end <= text.length);
        expect(
          pieces(text, within)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});
