/** A local runtime under attack: alive after every test, the same process, and without a trace of what was planted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Client } from './client.ts';
import { type LocalTarget, openLocalTarget } from './local-target.ts';
import { findPlanted, type Planted } from './planted.ts';
import { Setting, THREE_MODELS } from './setting.ts';

const OPENED_WITHIN_MS = 300_000;
const WRITTEN_BEHIND_MS = 500;

export interface Attacked {
  setting(): Setting;
  target(): LocalTarget;
  /** With a tenant's key. */
  caller(): Client;
}

/** To be called once in a test file. */
export const attackLocalRuntime = (planted: readonly Planted[]): Attacked => {
  let opened: { target: LocalTarget; setting: Setting; caller: Client; pid: number } | undefined;

  const state = () => {
    if (opened === undefined) throw new Error('the runtime was not opened');
    return opened;
  };

  beforeAll(async () => {
    const target = await openLocalTarget();
    const setting = new Setting(target);
    await setting.useModels(THREE_MODELS);
    const { client } = await setting.tenant();
    opened = { target, setting, caller: client, pid: target.runtime().pid };
  }, OPENED_WITHIN_MS);

  afterEach(async () => {
    const { setting, target, pid } = state();
    const reply = await setting.admin.anonymous().get('/healthz');
    expect([reply.status, target.runtime().pid]).toEqual([200, pid]);
  });

  afterAll(async () => {
    if (opened === undefined) return;
    await sleep(WRITTEN_BEHIND_MS);
    const stored = await opened.target.readEverythingStored();
    await opened.target.stop();
    expect(findPlanted(stored, planted)).toEqual([]);
  }, OPENED_WITHIN_MS);

  return {
    setting: () => state().setting,
    target: () => state().target,
    caller: () => state().caller,
  };
};
