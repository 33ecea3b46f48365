/** The journal's own thread: writes down what the gateway tells it, answers, and books it; the gateway waits for no disk. */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { untilAnswering } from '../dynamodb/engine.ts';
import { Booker } from './booker.ts';
import { makeBooking } from './booking.ts';
import type { FromJournal, JournalData, ToJournal } from './messages.ts';
import { entryOf, Segments } from './segments.ts';

const STORE_PATIENCE_MS = 20_000;

const serve = async (port: MessagePort, { environment, directory }: JournalData): Promise<void> => {
  const tell = (message: FromJournal): void => port.postMessage(message);
  const { settler, maxBatch, clock, endpoint } = makeBooking(environment);
  const segments = directory === undefined ? undefined : new Segments(directory);
  const booker = new Booker({
    commit: (batch) => settler.commit(batch),
    maxBatch,
    booked: (outcomes) => {
      segments?.booked(outcomes.length);
      tell({ kind: 'booked', outcomes });
    },
    clock,
  });
  const leftovers = (segments?.leftovers ?? []).map(entryOf);

  const take = (lines: readonly string[]): void => {
    try {
      segments?.append(lines);
    } catch {
      tell({ kind: 'failed', count: lines.length });
      return;
    }
    tell({ kind: 'durable', count: lines.length });
    booker.add(lines.map(entryOf));
  };

  const close = (): void => {
    segments?.close();
    port.close();
  };

  // What was told meanwhile shares one write.
  port.on('message', (first: ToJournal) => {
    const lines: string[] = [];
    const kinds = new Set<ToJournal['kind']>();
    for (
      let message: ToJournal | undefined = first;
      message !== undefined;
      message = receiveMessageOnPort(port)?.message as ToJournal | undefined
    ) {
      kinds.add(message.kind);
      if (message.kind === 'take') lines.push(...message.lines);
    }
    if (lines.length > 0) take(lines);
    if (kinds.has('hurry')) booker.hurry();
    if (kinds.has('close')) close();
  });

  tell({ kind: 'opened', count: leftovers.length });
  if (leftovers.length === 0) return;
  // When everything starts at once the store may answer later than we do.
  await untilAnswering(endpoint, STORE_PATIENCE_MS).catch(() => undefined);
  booker.add(leftovers);
  booker.hurry();
};

if (parentPort !== null) await serve(parentPort, workerData as JournalData);
