/** JSON.parse keeps the last of two members of one name; another reader may keep the first. What signs a document must not have both. */

const MAX_DEPTH = 16;

/** Does an object in this text, which must be valid JSON, name a member twice, or nest too deep to tell? */
export const hasDuplicateMembers = (text: string): boolean => {
  /** The names of each open object; an array has none. */
  const open: (Set<string> | undefined)[] = [];
  let isName = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (isName && names !== undefined) {
        // Escapes make one name of two spellings.
        const spelt = JSON.parse(text.slice(at, end + 1)) as string;
        if (names.has(spelt)) return true;
        names.add(spelt);
      }
      isName = false;
      at = end;
    } else if (sign === '{' || sign === '[') {
      if (open.length >= MAX_DEPTH) return true;
      open.push(sign === '{' ? new Set() : undefined);
      isName = sign === '{';
    } else if (sign === '}' || sign === ']') {
      open.pop();
      isName = false;
    } else if (sign === ',') isName = open.at(-1) !== undefined;
  }
  return false;
};

const endOfString = (text: string, start: number): number => {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
};
