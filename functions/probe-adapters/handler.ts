/** One turn of asking models whose health nobody knows. What a model answers is its own affair; only our own faults fail the turn. */
import type { ModelProber, ProbeReport } from '../../shared/services/health/probe-models.ts';

export interface ProbeDeps {
  prober: ModelProber;
  probed: (report: ProbeReport) => void;
}

export const makeHandler =
  ({ prober, probed }: ProbeDeps) =>
  async (): Promise<ProbeReport> => {
    const report = await prober.probe();
    probed(report);
    return report;
  };
