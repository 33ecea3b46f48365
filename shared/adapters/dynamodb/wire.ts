/** DynamoDB's JSON protocol, as far as it is used here: attribute values and operations as they stand on the wire. */

/** One of them is set. Binary values are base64. */
export interface AttributeValue {
  S?: string;
  N?: string;
  B?: string;
  BOOL?: boolean;
}

export type Item = Record<string, AttributeValue>;

interface Expressions {
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Item;
  ReturnValuesOnConditionCheckFailure?: 'ALL_OLD';
}

export interface PutInput extends Expressions {
  TableName: string;
  Item: Item;
}

export interface UpdateInput extends Expressions {
  TableName: string;
  Key: Item;
  UpdateExpression: string;
}

export interface QueryInput extends Omit<Expressions, 'ConditionExpression'> {
  TableName: string;
  IndexName?: string;
  ConsistentRead?: boolean;
  KeyConditionExpression: string;
  FilterExpression?: string;
  ExclusiveStartKey?: Item | undefined;
  ScanIndexForward?: boolean;
  Limit?: number;
}

export interface QueryOutput {
  Items?: Item[];
  LastEvaluatedKey?: Item;
}

export interface KeysAndAttributes {
  Keys: Item[];
  ConsistentRead?: boolean;
}

export interface BatchGetOutput {
  /** By table, in no order; what is not there is left out. */
  Responses?: Record<string, Item[]>;
  UnprocessedKeys?: Record<string, KeysAndAttributes>;
}

export type TransactWriteItem = { Put: PutInput } | { Update: UpdateInput };

/** Each operation's input and output. */
export interface Operations {
  GetItem: [{ TableName: string; Key: Item; ConsistentRead?: boolean }, { Item?: Item }];
  BatchGetItem: [{ RequestItems: Record<string, KeysAndAttributes> }, BatchGetOutput];
  PutItem: [PutInput, object];
  UpdateItem: [UpdateInput & { ReturnValues?: 'ALL_NEW' }, { Attributes?: Item }];
  DeleteItem: [{ TableName: string; Key: Item; ReturnValues?: 'ALL_OLD' }, { Attributes?: Item }];
  Query: [QueryInput, QueryOutput];
  Scan: [
    {
      TableName: string;
      ConsistentRead?: boolean;
      ProjectionExpression?: string;
      ExclusiveStartKey?: Item | undefined;
      Limit?: number;
    },
    QueryOutput,
  ];
  TransactWriteItems: [{ TransactItems: TransactWriteItem[] }, object];
}

export interface DynamoClient {
  /** Throws AwsError. */
  call<Name extends keyof Operations>(
    operation: Name,
    input: Operations[Name][0],
  ): Promise<Operations[Name][1]>;
}
