/** A regular expression for all whole numbers above one, in digits: WAF compares lengths of headers, not their values. */
export const above = (least: number): string => {
  const digits = String(least);
  const alternatives: string[] = [`\\d{${digits.length + 1},}`];
  for (const [index, digit] of [...digits].entries()) {
    const next = Number(digit) + 1;
    if (next > 9) continue;
    const rest = digits.length - index - 1;
    const range = next === 9 ? '9' : `[${next}-9]`;
    alternatives.push(`${digits.slice(0, index)}${range}${rest === 0 ? '' : `\\d{${rest}}`}`);
  }
  return `^(${alternatives.join('|')})$`;
};
