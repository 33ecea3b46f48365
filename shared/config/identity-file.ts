/** The identity file of a stage: issuers, certificates, its domain and how the console's users sign in. */
import * as z from 'zod';
import { consoleSignIn, type PublishedSignIn } from './console-sign-in.ts';
import { certificatesSchema, type IdentityVariables, identityEnv, issuersSchema } from './identity.ts';

const name = z.string().min(1).max(256);

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
      certificates: certificatesSchema().optional(),
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
