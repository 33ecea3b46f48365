/** What a request shows the router. It is in the page's memory alone. */
export interface Credential {
  /** Throws where it has ended and cannot be had anew. */
  value(): string | Promise<string>;
  /** The router does not take it any more. */
  refused(): void;
}
