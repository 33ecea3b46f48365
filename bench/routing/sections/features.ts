import { measureEncoder, measureFeatures } from '../features.ts';
import type { Section, SectionOptions } from './section.ts';

export async function features({ quick, progress, encoder }: SectionOptions): Promise<Section> {
  progress('features');
  const costs = measureFeatures(quick ? 300 : 2_000);
  if (encoder !== undefined) costs.push(...(await measureEncoder(encoder, quick ? 10 : 100)));
  return {
    title: 'What the features cost',
    notes: ['One core, single calls after warming up.'],
    head: ['prompt', 'p50 µs', 'p99 µs'],
    rows: costs.map(({ name, p50Us, p99Us }) => [name, p50Us.toFixed(0), p99Us.toFixed(0)]),
    charts: [],
    data: costs,
  };
}
