/** A gateway process's own numbers, and how it gets everybody's from the supervisor. */
import { setTimeout as sleep } from 'node:timers/promises';
import { METRICS_PAUSE_MS } from '../../shared/observability/metric-buffer.ts';
import type { FromWorker, ToWorker } from '../gateway/messages.ts';
import { EmfMetrics, type MetricsReport } from './emf-metrics.ts';
import { metricsPage } from './metrics-page.ts';
import { SeriesTally } from './series-tally.ts';

const PATIENCE_MS = 3_000;
/** Of requests that have just ended the functions print what they counted a moment later. */
const PRINTED_MS = METRICS_PAUSE_MS + 10;
const TELL_MS = 1_000;

export class WorkerMetrics {
  readonly #tally = new SeriesTally();
  readonly #own = new EmfMetrics((...heard) => this.#tally.add(...heard));
  readonly #tell: (message: FromWorker) => void;
  readonly #waiting = new Map<number, (reports: MetricsReport[]) => void>();
  #last = 0;

  constructor(tell: (message: FromWorker) => void) {
    this.#tell = tell;
  }

  take(line: string): void {
    this.#own.take(line);
  }

  gauge(name: string, help: string, read: () => number): void {
    this.#own.gauge(name, help, read);
  }

  /** Tells the supervisor each second what was counted, for as long as the process lives. */
  tellEachSecond(connections: () => number): void {
    setInterval(() => {
      const tallied = this.#tally.take();
      this.#tell({
        kind: 'tally',
        connections: connections(),
        ...(tallied === undefined ? {} : { tallied }),
      });
    }, TELL_MS).unref();
  }

  /** Resolves when what ended before is counted. */
  async printed(): Promise<void> {
    await sleep(PRINTED_MS);
  }

  heard(message: ToWorker): void {
    if (message.kind === 'report')
      void this.#own.report().then((report) => this.#tell({ kind: 'report', id: message.id, report }));
    else if (message.kind === 'metrics') this.#waiting.get(message.id)?.(message.reports);
  }

  /** Prometheus text; of this process alone where the supervisor says nothing. */
  async page(): Promise<string> {
    await this.printed();
    this.#last += 1;
    const id = this.#last;
    const reports = await new Promise<MetricsReport[] | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
      this.#waiting.set(id, (all) => {
        clearTimeout(timer);
        resolve(all);
      });
      this.#tell({ kind: 'metrics', id });
    });
    this.#waiting.delete(id);
    return metricsPage(reports ?? [await this.#own.report()]);
  }
}
