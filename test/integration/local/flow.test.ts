import { describeFlow } from '../../support/flow/flow.ts';
import { openLocalTarget } from '../../support/flow/local-target.ts';

describeFlow('the local runtime', async () => {
  const target = await openLocalTarget();
  await target.rustDecides();
  return target;
});
