import { openEmulatorTarget } from '../../support/emulator/target.ts';
import { describeFlow } from '../../support/flow/flow.ts';

describeFlow('the app deployed into the emulator', openEmulatorTarget);
