/** What a function may do with a table. */
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { NodeFunction, RustFunction } from './functions.ts';

/** Actions on a table, and on its indexes where it is queried by one. */
export const grant = (
  fn: NodeFunction | RustFunction,
  table: Table,
  actions: readonly string[],
  index?: string,
  indexActions: readonly string[] = ['Query'],
): void => {
  fn.function.addToRolePolicy(
    new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [table.tableArn],
    }),
  );
  if (index !== undefined) {
    fn.function.addToRolePolicy(
      new PolicyStatement({
        actions: indexActions.map((action) => `dynamodb:${action}`),
        resources: [`${table.tableArn}/index/${index}`],
      }),
    );
  }
};
