/** The end-to-end suite. Every target has to pass all of it. */
import { afterAll, beforeAll, describe } from 'vitest';
import { access } from './access.ts';
import { administration } from './administration.ts';
import { asks } from './asks.ts';
import { chat } from './chat.ts';
import { clients } from './clients.ts';
import { embeddings } from './embeddings.ts';
import { feedback } from './feedback.ts';
import { firstFlow } from './first-flow.ts';
import { limits } from './limits.ts';
import { mcp } from './mcp.ts';
import { messages } from './messages.ts';
import { privacy } from './privacy.ts';
import { replies } from './replies.ts';
import { responses } from './responses.ts';
import { Setting } from './setting.ts';
import type { Target } from './target.ts';

const PREPARED_WITHIN_MS = 600_000;

export const describeFlow = (name: string, target: () => Promise<Target>): void => {
  describe(name, () => {
    let opened: Setting | undefined;

    beforeAll(async () => {
      opened = new Setting(await target());
    }, PREPARED_WITHIN_MS);

    afterAll(() => opened?.target.stop(), PREPARED_WITHIN_MS);

    const setting = (): Setting => {
      if (opened === undefined) throw new Error('the target was not opened');
      return opened;
    };

    firstFlow(setting);
    access(setting);
    asks(setting);
    chat(setting);
    responses(setting);
    embeddings(setting);
    messages(setting);
    clients(setting);
    feedback(setting);
    replies(setting);
    mcp(setting);
    limits(setting);
    administration(setting);
    privacy(setting);
  });
};
