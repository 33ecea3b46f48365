/** A client that is connected, and models that say what the test wants. */
import { end, ScriptedModels, text } from './scripted-models.ts';
import { FakeSocketGateway } from './socket-gateway.ts';

export const ASK = { type: 'ask', id: 'mine', prompt: 'Explain tides' };
export const STREAM = { ...ASK, stream: true };

export const talking = async (
  script: Parameters<typeof makeModels>[0] = [text('The '), text('moon.'), end()],
) => {
  const fake = new FakeSocketGateway({ client: makeModels(script) });
  await fake.gateway.withModel('m');
  await fake.open('a');
  return fake;
};

export const makeModels = (script: ConstructorParameters<typeof ScriptedModels>[0][string][number]) =>
  new ScriptedModels({ m: [script] });

export const requestIdIn = (fake: FakeSocketGateway): string => {
  const [id] = [...fake.asks.entries.keys()];
  if (id === undefined) throw new Error('nothing was claimed');
  return id;
};
