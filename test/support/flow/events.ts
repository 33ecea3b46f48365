/** Reads the server-sent events of a whole reply. */
import { createParser } from 'eventsource-parser';

export interface ServerEvent {
  event: string;
  data: unknown;
}

export const serverEvents = (text: string): ServerEvent[] => {
  const events: ServerEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ event: event ?? 'message', data: JSON.parse(data) }),
    onError: (error) => {
      throw error;
    },
  });
  parser.feed(text);
  return events;
};
