import type { Decision } from '../../api/shapes.ts';
import { ms } from '../../lib/format.ts';
import { Meter } from '../../ui/meter.tsx';
import { Empty } from '../../ui/state.tsx';

const COLORS: Readonly<Record<string, string>> = {
  admit: 'var(--c6)',
  choose: 'var(--c1)',
  call: 'var(--c3)',
  settle: 'var(--c4)',
};
const MEANING: Readonly<Record<string, string>> = {
  admit: 'limits are checked and held',
  choose: 'a model is chosen, beside it',
  call: 'the model answers',
  settle: 'the answer is written down',
};

interface Props {
  readonly steps: Decision['steps'];
  readonly total: number;
}

export const Timeline = ({ steps, total }: Props) => {
  if (steps.length === 0) return <Empty title="The steps of this request were not kept" />;
  const end = Math.max(total, ...steps.map((step) => step.start_ms + (step.duration_ms ?? 0)), 1);
  return (
    <ol className="timeline">
      {steps.map(({ name, start_ms, duration_ms }) => {
        const took = duration_ms === null ? `from ${ms(start_ms)}` : ms(duration_ms);
        const width = Math.max((duration_ms ?? end - start_ms) / end, 0.004);
        return (
          <li className="timeline-row" key={name} title={MEANING[name]}>
            <span>{name}</span>
            <Meter
              label={`${name}: begins at ${ms(start_ms)}, ${took}`}
              parts={[
                { share: start_ms / end, color: 'transparent' },
                { share: width, color: COLORS[name] ?? 'var(--c8)' },
              ]}
            />
            <span className="num right">{took}</span>
          </li>
        );
      })}
    </ol>
  );
};
