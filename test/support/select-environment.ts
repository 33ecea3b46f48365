/** What the Rust function `select` is told in a test, beside how it is to be invoked: its state is answered at `port` of loopback. */
export const selectEnvironment = (port: number): Record<string, string> => ({
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
  LEARNING_TABLE: 'Learning',
  AWS_LAMBDA_FUNCTION_NAME: 'select',
  AWS_LAMBDA_FUNCTION_VERSION: '1',
});
