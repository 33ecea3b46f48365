/** Opens the model's thread, asks once, and says what that took. `node cold-probe.ts DIRECTORY` */
import { openModelThread } from '../../shared/adapters/pii/model/model-thread.ts';

const before = process.memoryUsage.rss();
const start = performance.now();
const { reader } = await openModelThread(process.argv[2] ?? '');
await reader.read(['My name is Jane Doe.'], 10_000);
const firstAnswerMs = performance.now() - start;
const memoryMib = (process.memoryUsage.rss() - before) / 1024 / 1024;
process.stdout.write(JSON.stringify({ firstAnswerMs, memoryMib }));
process.exit(0);
