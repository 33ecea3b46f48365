/** Trusted issuers and certificates as a stage names them: JSON in a function's environment, a file for the CDK app and `npm start`. */
import * as z from 'zod';
import { TOKEN_ALGORITHMS } from '../model/identity.ts';
import { ROLES } from '../model/tenant.ts';
import { consoleSignIn, type PublishedSignIn } from './console-sign-in.ts';
import { issuerUrl } from './issuer-url.ts';

const MAX_ISSUERS = 8;
const MAX_CERTIFICATES = 64;
const MAX_NAME = 256;
/** All variables of a function share 4 KiB. */
const MAX_ISSUERS_TEXT = 2_048;
const MAX_CERTIFICATES_TEXT = 1_024;

const name = z.string().min(1).max(MAX_NAME);
const roles = z.array(z.enum(ROLES)).max(ROLES.length);
const tenant = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'must be of A-Z a-z 0-9 . _ -');

const issuer = (allowLoopback: boolean) =>
  z.strictObject({
    issuer: issuerUrl(allowLoopback),
    audience: z.union([name.transform((one) => [one]), z.array(name).min(1).max(8)]),
    jwks_uri: issuerUrl(allowLoopback).optional(),
    algorithms: z.array(z.enum(TOKEN_ALGORITHMS)).min(1).default(['RS256', 'PS256', 'ES256', 'EdDSA']),
    clock_skew_s: z.int().min(0).max(300).default(60),
    max_age_s: z.int().min(60).max(604_800).default(86_400),
    refetch_s: z.int().min(5).max(3_600).default(30),
    tenant: z
      .strictObject({
        claim: name.optional(),
        map: z.record(name, tenant).optional(),
        default: tenant.optional(),
      })
      .refine((one) => one.claim !== undefined || one.default !== undefined, 'needs a claim or a default'),
    roles: z
      .strictObject({
        claim: name.optional(),
        map: z.record(name, z.enum(ROLES)).default({}),
        default: roles.default([]),
      })
      .refine((one) => one.claim !== undefined || one.default.length > 0, 'needs a claim or a default'),
    scopes: z.strictObject({ claim: name }).optional(),
  });

/** `allowLoopback`: an issuer on this machine may be spoken to without TLS. */
export const issuersSchema = (allowLoopback: boolean) =>
  z
    .array(issuer(allowLoopback))
    .max(MAX_ISSUERS)
    .refine((all) => new Set(all.map((one) => one.issuer)).size === all.length, 'names an issuer twice');

export const certificatesSchema = z
  .array(
    z.strictObject({
      subject: name,
      issuer: name.optional(),
      tenant_id: tenant,
      roles: roles.min(1),
      scopes: z.array(name).optional(),
    }),
  )
  .max(MAX_CERTIFICATES);

/** A custom domain; with a truststore it asks every client for a certificate, and the API has no other address. */
const domain = z.strictObject({
  name: z.string().regex(/^(?=.{4,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a domain name'),
  certificate_arn: z.string().regex(/^arn:aws[a-z-]*:acm:/, "must be a certificate's ARN"),
  truststore: z
    .strictObject({
      bucket: name,
      key: name,
      /** Without it a changed truststore is not noticed. */
      version: name.optional(),
    })
    .optional(),
});
export type DomainOptions = z.output<typeof domain>;

const trustOf = <One extends { issuer: string }>(issuers: readonly One[], issuer: string): One | undefined =>
  issuers.find((one) => one.issuer === issuer);

/** The file that `npm start`, `npm run synth` and `npm run deploy` take. */
export const identityFile = (allowLoopback: boolean) =>
  z
    .strictObject({
      issuers: issuersSchema(allowLoopback).optional(),
      certificates: certificatesSchema.optional(),
      domain: domain.optional(),
      console: consoleSignIn(allowLoopback).optional(),
    })
    .refine(({ console, issuers = [] }) => console === undefined || trustOf(issuers, console.issuer), {
      path: ['console', 'issuer'],
      message: 'is none of the issuers',
    })
    .refine(({ console, domain }) => console === undefined || domain?.truststore === undefined, {
      path: ['console'],
      message: 'is of no use with a domain that has a truststore: such a stage has no console',
    })
    .refine((file) => (file.certificates ?? []).length === 0 || file.domain?.truststore !== undefined, {
      path: ['certificates'],
      message: 'are of use only with a domain that has a truststore',
    });

export interface StageIdentity {
  variables: IdentityVariables;
  domain: DomainOptions | undefined;
  /** By which the console's users sign in, where it is not by key alone. */
  console?: PublishedSignIn | undefined;
}

/** Throws an error that names the first field at fault. */
export const readIdentity = (text: string, allowLoopback: boolean): StageIdentity => {
  const raw = parseText(text);
  const file = identityFile(allowLoopback).safeParse(raw);
  if (!file.success) throw faultOf(file.error);
  // As it was written: without defaults it takes least room.
  const { issuers, certificates } = raw as Record<'issuers' | 'certificates', unknown>;
  const variables = {
    ...(issuers === undefined ? {} : { OIDC_ISSUERS: JSON.stringify(issuers) }),
    ...(certificates === undefined ? {} : { CLIENT_CERTIFICATES: JSON.stringify(certificates) }),
    ...(issuers === undefined || !allowLoopback ? {} : { OIDC_ALLOW_LOOPBACK: 'true' as const }),
  };
  const fit = z.object(identityEnv).safeParse(variables);
  if (!fit.success) throw faultOf(fit.error);
  const { domain, console, issuers: trusted = [] } = file.data;
  return {
    variables,
    domain,
    console: console && { ...console, accepts: trustOf(trusted, console.issuer)?.audience ?? [] },
  };
};

const parseText = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
};

const faultOf = ({ issues }: z.ZodError): Error => {
  const [first] = issues;
  return new Error(`/${first?.path.join('/') ?? ''} ${first?.message ?? 'is not valid'}`);
};

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
  OIDC_ISSUERS: jsonText(MAX_ISSUERS_TEXT).pipe(issuersSchema(true)).optional(),
  /** May an issuer be this machine itself, spoken to without TLS? Not where it is left out. */
  OIDC_ALLOW_LOOPBACK: z.literal('true').optional(),
  CLIENT_CERTIFICATES: jsonText(MAX_CERTIFICATES_TEXT).pipe(certificatesSchema).optional(),
} as const;
export type IdentitySettings = z.output<z.ZodObject<typeof identityEnv>>;
export type IdentityVariables = z.input<z.ZodObject<typeof identityEnv>>;
