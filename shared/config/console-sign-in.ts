/** How the console's users sign in at an issuer: what a stage's identity file says, and what the pages are told of it. */
import * as z from 'zod';
import { issuerUrl } from './issuer-url.ts';

const MAX_SCOPES = 16;
const MAX_ORIGINS = 4;

const name = z.string().min(1).max(256);
/** RFC 6749, appendix A.4. */
const scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'must be a scope');

const origin = (allowLoopback: boolean) =>
  issuerUrl(allowLoopback).refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'must be an origin, without a path',
  );

/** `console` of an identity file. */
export const consoleSignIn = (allowLoopback: boolean) =>
  z.strictObject({
    issuer: issuerUrl(allowLoopback),
    client_id: name,
    /** On the button. */
    name: z.string().min(1).max(64).optional(),
    scopes: z
      .array(scope)
      .max(MAX_SCOPES)
      .refine((all) => all.includes('openid'), 'must hold openid')
      .default(['openid']),
    /** Asked for by the `audience` parameter, for issuers that go by that. */
    audience: name.optional(),
    /** Asked for by the `resource` parameter (RFC 8707). */
    resource: z.url().max(256).optional(),
    /** Where the issuer's endpoints are, beside its own origin. */
    connect: z.array(origin(allowLoopback)).max(MAX_ORIGINS).default([]),
    sign_out: z.enum(['issuer', 'here']).default('issuer'),
  });
export type ConsoleSignIn = z.output<ReturnType<typeof consoleSignIn>>;

/** For the browser: no secret is among it. */
export type PublishedSignIn = ConsoleSignIn & {
  /** What a token's `aud` must hold to be good here, so that the pages can say what is wrong with one. */
  readonly accepts: readonly string[];
};

/** Origins that the pages may call: the issuer's. None where nobody signs in by one. */
export const signInOrigins = (signIn: ConsoleSignIn | undefined): readonly string[] =>
  signIn === undefined ? [] : [...new Set([new URL(signIn.issuer).origin, ...signIn.connect])];

/** The pages' `config.json`. */
export const consoleConfig = (signIn: PublishedSignIn | undefined): string =>
  JSON.stringify({ api: '', ...(signIn === undefined ? {} : { sign_in: signIn }) });
