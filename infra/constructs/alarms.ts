/** Alarms that reach a stage's topic. What is not measured breaches nothing. */
import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  Alarm,
  AlarmRule,
  type AlarmProps as CdkAlarmProps,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

export interface AlarmProps {
  metric: IMetric;
  threshold: number;
  description: string;
  overrides?: Partial<CdkAlarmProps>;
}

/** Share of replies that may be 5xx: 99.9 % are not. */
export const ERROR_BUDGET = 0.001;

/**
 * How many times faster than it may the budget is spent, over a long window and, so that an alarm ends with its cause, a short
 * one: https://sre.google/workbook/alerting-on-slos/, for a budget of thirty days.
 */
export const BURNS = [
  { name: 'fast', rate: 14.4, long: Duration.hours(1), short: Duration.minutes(5) },
  { name: 'slow', rate: 6, long: Duration.hours(6), short: Duration.minutes(30) },
  { name: 'drip', rate: 3, long: Duration.days(1), short: Duration.hours(2) },
] as const;

export class Alarms {
  readonly #scope: Construct;
  readonly #stage: string;
  readonly #action: IAlarmAction;

  constructor(scope: Construct, stage: string, action: IAlarmAction) {
    this.#scope = scope;
    this.#stage = stage;
    this.#action = action;
  }

  add(name: string, props: AlarmProps): void {
    this.#alarm(name, props).addAlarmAction(this.#action);
  }

  /** One alarm for each rate; its two windows tell nobody by themselves. */
  addBurnRates(api: RestApi): void {
    for (const { name, rate, long, short } of BURNS) {
      const [longAlarm, shortAlarm] = [long, short].map((period, index) =>
        this.#alarm(`slo-${name}-${index === 0 ? 'long' : 'short'}`, {
          // The average of ones and zeros is a share.
          metric: api.metricServerError({ period, statistic: 'Average' }),
          threshold: rate * ERROR_BUDGET,
          description: `A window of slo-burn-${name}`,
        }),
      );
      if (longAlarm === undefined || shortAlarm === undefined) continue;
      new CompositeAlarm(this.#scope, `slo-burn-${name}`, {
        compositeAlarmName: this.#named(`slo-burn-${name}`),
        alarmDescription: `Errors use up the budget of 99.9 % ${rate} times too fast`,
        alarmRule: AlarmRule.allOf(longAlarm, shortAlarm),
      }).addAlarmAction(this.#action);
    }
  }

  #named(name: string): string {
    return `atp-${this.#stage}-${name}`;
  }

  #alarm(name: string, { metric, threshold, description, overrides = {} }: AlarmProps): Alarm {
    return new Alarm(this.#scope, name, {
      alarmName: this.#named(name),
      alarmDescription: description,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...overrides,
    });
  }
}
