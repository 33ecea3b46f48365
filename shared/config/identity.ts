/** Trusted issuers and certificates as a function's environment names them: JSON. What reads it is made only where there is some. */
import * as z from 'zod';
import { TOKEN_ALGORITHMS } from '../model/identity.ts';
import { ROLES } from '../model/tenant.ts';
import { issuerUrl } from './issuer-url.ts';

const MAX_ISSUERS = 8;
const MAX_CERTIFICATES = 64;
const MAX_NAME = 256;
/** All variables of a function share 4 KiB. */
const MAX_ISSUERS_TEXT = 2_048;
const MAX_CERTIFICATES_TEXT = 1_024;

const name = () => z.string().min(1).max(MAX_NAME);
const roles = () => z.array(z.enum(ROLES)).max(ROLES.length);
const tenant = () => z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'must be of A-Z a-z 0-9 . _ -');

const issuer = (allowLoopback: boolean) =>
  z.strictObject({
    issuer: issuerUrl(allowLoopback),
    audience: z.union([name().transform((one) => [one]), z.array(name()).min(1).max(8)]),
    jwks_uri: issuerUrl(allowLoopback).optional(),
    algorithms: z.array(z.enum(TOKEN_ALGORITHMS)).min(1).default(['RS256', 'PS256', 'ES256', 'EdDSA']),
    clock_skew_s: z.int().min(0).max(300).default(60),
    max_age_s: z.int().min(60).max(604_800).default(86_400),
    refetch_s: z.int().min(5).max(3_600).default(30),
    tenant: z
      .strictObject({
        claim: name().optional(),
        map: z.record(name(), tenant()).optional(),
        default: tenant().optional(),
      })
      .refine((one) => one.claim !== undefined || one.default !== undefined, 'needs a claim or a default'),
    roles: z
      .strictObject({
        claim: name().optional(),
        map: z.record(name(), z.enum(ROLES)).default({}),
        default: roles().default([]),
      })
      .refine((one) => one.claim !== undefined || one.default.length > 0, 'needs a claim or a default'),
    scopes: z.strictObject({ claim: name() }).optional(),
  });

/** `allowLoopback`: an issuer on this machine may be spoken to without TLS. */
export const issuersSchema = (allowLoopback: boolean) =>
  z
    .array(issuer(allowLoopback))
    .max(MAX_ISSUERS)
    .refine((all) => new Set(all.map((one) => one.issuer)).size === all.length, 'names an issuer twice');

export const certificatesSchema = () =>
  z
    .array(
      z.strictObject({
        subject: name(),
        issuer: name().optional(),
        tenant_id: tenant(),
        roles: roles().min(1),
        scopes: z.array(name()).optional(),
      }),
    )
    .max(MAX_CERTIFICATES);

const jsonText = (max: number) =>
  z
    .string()
    .max(max, `must be at most ${max} characters as JSON`)
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' });
        return z.NEVER;
      }
    });

/** Of every function that authenticates callers. */
export const identityEnv = {
  OIDC_ISSUERS: jsonText(MAX_ISSUERS_TEXT)
    .pipe(z.lazy(() => issuersSchema(true)))
    .optional(),
  /** May an issuer be this machine itself, spoken to without TLS? Not where it is left out. */
  OIDC_ALLOW_LOOPBACK: z.literal('true').optional(),
  CLIENT_CERTIFICATES: jsonText(MAX_CERTIFICATES_TEXT).pipe(z.lazy(certificatesSchema)).optional(),
} as const;
export type IdentitySettings = z.output<z.ZodObject<typeof identityEnv>>;
export type IdentityVariables = z.input<z.ZodObject<typeof identityEnv>>;
