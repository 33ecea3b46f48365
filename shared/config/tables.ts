/** The DynamoDB tables as data: read by the CDK app, the local runtime and the contract tests. */

export type TableName =
  | 'Config'
  | 'Usage'
  | 'Observations'
  | 'Feedback'
  | 'Learning'
  | 'Connections'
  | 'Replies'
  | 'Audit';

export interface KeySchema {
  partition: string;
  sort?: string;
}

export interface IndexDefinition extends KeySchema {
  /** Attributes that it carries beside the keys; all of them where nothing is said. */
  projected?: readonly string[];
}

export interface TableDefinition extends KeySchema {
  /** Secondary indexes. Key attributes are strings unless in `numbers`. */
  indexes?: Record<string, IndexDefinition>;
  numbers?: readonly string[];
  /** TTL attribute (epoch seconds). */
  ttl?: string;
  /** Environment variable that carries the table's name. */
  variable: string;
}

export const TABLES = {
  Config: { partition: 'pk', sort: 'sk', variable: 'CONFIG_TABLE' },
  Usage: { partition: 'pk', sort: 'sk', ttl: 'expires_at', variable: 'USAGE_TABLE' },
  Observations: {
    partition: 'pk',
    sort: 'sk',
    ttl: 'expires_at',
    indexes: { 'tenant-index': { partition: 'tenant_id', sort: 'sk', projected: ['model'] } },
    variable: 'OBSERVATIONS_TABLE',
  },
  Feedback: {
    partition: 'feedback_id',
    ttl: 'expires_at',
    indexes: { 'pending-index': { partition: 'pending', sort: 'created_at_ms' } },
    numbers: ['created_at_ms'],
    variable: 'FEEDBACK_TABLE',
  },
  Learning: { partition: 'policy', sort: 'arm', variable: 'LEARNING_TABLE' },
  Connections: { partition: 'connection_id', ttl: 'expires_at', variable: 'CONNECTIONS_TABLE' },
  Replies: { partition: 'reply_id', ttl: 'expires_at', variable: 'REPLIES_TABLE' },
  Audit: {
    partition: 'pk',
    sort: 'sk',
    indexes: { 'time-index': { partition: 'bucket', sort: 'time' } },
    variable: 'AUDIT_TABLE',
  },
} as const satisfies Record<TableName, TableDefinition>;
