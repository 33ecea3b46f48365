import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeTelemetry } from '../../../shared/observability/telemetry.ts';

describe('telemetry', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('traces where X-Ray is on', async () => {
    vi.stubEnv('POWERTOOLS_TRACE_ENABLED', 'true');

    expect((await makeTelemetry('unit')).trace?.before).toBeTypeOf('function');
  });

  it.each(['false', undefined])('does not load the tracer otherwise (%s)', async (value) => {
    vi.stubEnv('POWERTOOLS_TRACE_ENABLED', value);

    const telemetry = await makeTelemetry('unit');

    expect(telemetry).not.toHaveProperty('trace');
    expect(telemetry.log.ended).toBeTypeOf('function');
  });
});
