/** How names and flags are written in templates. */

/** `ws-gate` becomes `WsGate`. */
export const pascalCase = (name: string): string =>
  name.replace(/(?:^|-)[a-z]/g, (start) => start.slice(-1).toUpperCase());

export const flag = (value: boolean): 'true' | 'false' => (value ? 'true' : 'false');
