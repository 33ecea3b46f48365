/** What went wrong, in one line for people: no stack is shown. */
export class DemoError extends Error {}
