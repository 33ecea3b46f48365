/** The journal's own thread: writes down what the gateway tells it, answers, and books it; the gateway waits for no disk. */
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Booker } from './booker.ts';
import { makeBooking } from './booking.ts';
import type { FromJournal, JournalData, ToJournal } from './messages.ts';
import { entryOf, Segments } from './segments.ts';

const serve = (port: MessagePort, { environment, directory }: JournalData): void => {
  const tell = (message: FromJournal): void => port.postMessage(message);
  const segments = directory === undefined ? undefined : new Segments(directory);
  const booker = new Booker({
    ...makeBooking(environment),
    booked: (outcomes) => {
      segments?.booked(outcomes.length);
      tell({ kind: 'booked', outcomes });
    },
  });
  const { leftovers } = segments ?? { leftovers: [] };

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
  booker.add(leftovers);
  booker.hurry();
};

if (parentPort !== null) serve(parentPort, workerData as JournalData);
