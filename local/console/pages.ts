/** What is shown while there is no console to show: no style and no script, so that the console's own policy holds. */

const page = (title: string, head: string, text: string): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
${head}<title>${title}</title>
</head>
<body>
<h1>${title}</h1>
<p role="status">${text}</p>
</body>
</html>
`;

/** Asks again by itself. */
export const buildingPage = (seconds: number): string =>
  page(
    'The console is being built',
    '<meta http-equiv="refresh" content="2">\n',
    `This happens once, and takes some ten seconds (${seconds} s so far). The page comes by itself; the router serves meanwhile.`,
  );

export const failedPage = (): string =>
  page(
    'The console could not be built',
    '',
    'logs/console-build.jsonl in the data directory says why. The router serves all the same.',
  );
