/** What the slower routes behind the pages take with thousands of answers: the first time, and again at once. */
import { figure } from '../support/table.ts';

const AT_ONCE = 16;
const MODES = ['fast', 'balanced', 'high'] as const;

const post = (url: string, key: string, path: string, body: object): Promise<Response> =>
  fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Half of the answers are scored, so that there is something to evaluate. */
export const fill = async (url: string, key: string, answers: number): Promise<void> => {
  let asked = 0;
  const askOne = async (): Promise<void> => {
    const index = asked++;
    const ask = { prompt: `Question ${index % 97}`, quality: MODES[index % 3], max_tokens: 5 };
    const reply = await post(url, key, '/v1/ask', ask);
    const { request_id } = (await reply.json()) as { request_id?: string };
    if (request_id === undefined || index % 2 === 0) return;
    const scored = await post(url, key, '/v1/observe', { request_id, quality_score: (index % 11) / 10 });
    await scored.arrayBuffer();
  };
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (asked < answers) await askOne();
    }),
  );
};

const ROUTES = [
  '/admin/policies/default/arms?hours=1',
  '/admin/policies/default/evaluation?days=1',
  '/admin/series?minutes=60&step_s=10',
  '/admin/observations?limit=100',
];

export const measureRoutes = async (url: string, key: string): Promise<string[][]> => {
  const rows = [['route', 'first, ms', 'again, ms', 'KB']];
  for (const path of ROUTES) {
    const times: number[] = [];
    let bytes = 0;
    for (let turn = 0; turn < 2; turn++) {
      const begunAt = performance.now();
      const reply = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
      bytes = (await reply.arrayBuffer()).byteLength;
      if (!reply.ok) throw new Error(`${path} answered ${reply.status}`);
      times.push(performance.now() - begunAt);
    }
    rows.push([`GET ${path}`, ...times.map((ms) => figure(ms, 0)), figure(bytes / 1_024, 0)]);
  }
  return rows;
};
