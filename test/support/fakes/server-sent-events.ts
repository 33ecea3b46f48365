import { createParser } from 'eventsource-parser';

/** The events of a stream: name and parsed data. */
export const framesOf = (stream: string): [string | undefined, Record<string, unknown>][] => {
  const frames: [string | undefined, Record<string, unknown>][] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => frames.push([event, JSON.parse(data) as Record<string, unknown>]),
  });
  parser.feed(stream);
  return frames;
};
