/** One deployment for all that is asked of one: it takes longer than most of the asking. */
import { afterAll, beforeAll } from 'vitest';
import { deployment } from '../../support/emulator/suites/deployment.ts';
import { rotation } from '../../support/emulator/suites/rotation.ts';
import { type EmulatorTarget, openEmulatorTarget } from '../../support/emulator/target.ts';
import { describeFlow } from '../../support/flow/flow.ts';

let target: EmulatorTarget | undefined;

const deployed = (): EmulatorTarget => {
  if (target === undefined) throw new Error('nothing was deployed');
  return target;
};

beforeAll(async () => {
  target = await openEmulatorTarget();
}, 600_000);

afterAll(() => target?.stop(), 600_000);

deployment(deployed);
// Who opened it closes it.
describeFlow('the app deployed into the emulator', async () => ({
  ...deployed(),
  stop: async () => undefined,
}));
// Last, since it changes what every key is checked with.
rotation(deployed);
