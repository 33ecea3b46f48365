/** Repeats a task without overlap, less often while it fails. */
export interface PeriodicOptions {
  everyMs: number;
  /** Longest wait while it fails. */
  mostMs: number;
  task(): Promise<void>;
  onError(error: unknown): void;
}

export interface Periodic {
  stop(): void;
}

export const startPeriodic = ({ everyMs, mostMs, task, onError }: PeriodicOptions): Periodic => {
  let stopped = false;
  let delay = everyMs;
  let timer: NodeJS.Timeout | undefined;
  const turn = async (): Promise<void> => {
    try {
      await task();
      delay = everyMs;
    } catch (error) {
      delay = Math.min(mostMs, delay * 2);
      if (!stopped) onError(error);
    }
    if (!stopped) timer = setTimeout(turn, delay);
  };
  timer = setTimeout(turn, everyMs);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};
