// Runs in CloudFront, before its cache: every path that names no file is the one page.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  var request = event.request;
  if (request.uri === '/' || request.uri === '/console') {
    return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: '/console/' } } };
  }
  if (request.uri.indexOf('.') < 0) request.uri = '/console/index.html';
  return request;
}
