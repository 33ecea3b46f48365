/** How a gateway process learns from the supervisor how far the console is. */
import type { FromWorker, ToWorker } from '../gateway/messages.ts';
import type { ConsoleState } from './build.ts';

const PATIENCE_MS = 5_000;

export class ConsoleStates {
  readonly #tell: (message: FromWorker) => void;
  readonly #waiting = new Map<number, (state: ConsoleState) => void>();
  #last = 0;

  constructor(tell: (message: FromWorker) => void) {
    this.#tell = tell;
  }

  heard(message: ToWorker): void {
    if (message.kind === 'console') this.#waiting.get(message.id)?.(message.state);
  }

  /** `absent` where the supervisor says nothing. */
  async ask(): Promise<ConsoleState> {
    this.#last += 1;
    const id = this.#last;
    const state = await new Promise<ConsoleState>((resolve) => {
      const timer = setTimeout(() => resolve({ kind: 'absent' }), PATIENCE_MS);
      this.#waiting.set(id, (told) => {
        clearTimeout(timer);
        resolve(told);
      });
      this.#tell({ kind: 'console', id });
    });
    this.#waiting.delete(id);
    return state;
  }
}
