import { describe, expect, test } from 'vitest';
import { stageOptions } from '../../infra/stage.ts';

describe('stageOptions', () => {
  test('refuses a stage that there is not', () => {
    expect(() => stageOptions('production')).toThrow(
      'there is no stage "production": choose one of dev, staging, prod',
    );
  });

  test.each(['toString', '__proto__', 'constructor'])('refuses %s', (name) => {
    expect(() => stageOptions(name)).toThrow(/there is no stage/);
  });

  test('only production keeps its data', () => {
    expect(['dev', 'staging', 'prod'].filter((name) => stageOptions(name).keepData)).toEqual(['prod']);
  });

  test('only an emulated stage may call private addresses', () => {
    expect(stageOptions('dev').allowPrivateUrls).toBe(false);
    expect(stageOptions('dev', { emulated: true }).allowPrivateUrls).toBe(true);
  });
});
