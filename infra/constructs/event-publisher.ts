/** A stage's event bus, and the function that tells it what its tables' streams hold. */
import { Duration } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import type { PublishEventsEnvironment } from '../../shared/config/env.ts';
import type { DataStack } from '../stacks/data-stack.ts';
import type { StageOptions } from '../stage.ts';
import { NodeFunction } from './functions.ts';
import { telemetryOf } from './name-finding.ts';

export interface EventFunctions {
  /** Where the stage tells others what happens. */
  publishEvents?: NodeFunction;
}

export const eventPublisher = (
  scope: Construct,
  stage: StageOptions,
  { tables }: DataStack,
): EventFunctions => {
  if (!stage.publishEvents) return {};
  const bus = new EventBus(scope, 'Events', { eventBusName: `atp-${stage.name}` });
  const environment: PublishEventsEnvironment = {
    ...telemetryOf(stage, 'publish-events'),
    ATP_STAGE: stage.name,
    EVENT_BUS: bus.eventBusName,
  };
  const publishEvents = new NodeFunction(scope, 'PublishEvents', {
    stage,
    source: 'publish-events',
    description: 'Tells an event bus what happened',
    environment: { ...environment },
    timeout: Duration.minutes(1),
  });
  publishEvents.function.addToRolePolicy(
    new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
  );
  const inserted = (keys: object) => ({
    startingPosition: StartingPosition.LATEST,
    batchSize: 100,
    maxBatchingWindow: Duration.seconds(1),
    bisectBatchOnError: true,
    // Whoever listens hears of it late, and after an hour no more: the tables have it all.
    maxRecordAge: Duration.hours(1),
    filters: [FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT'), dynamodb: { Keys: keys } })],
  });
  publishEvents.live.addEventSource(
    new DynamoEventSource(tables.Observations, inserted({ pk: { S: FilterRule.beginsWith('2') } })),
  );
  publishEvents.live.addEventSource(
    new DynamoEventSource(tables.Usage, inserted({ pk: { S: FilterRule.isEqual('events') } })),
  );
  return { publishEvents };
};
