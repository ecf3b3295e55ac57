// The hospital's identity provider as an OpenID Connect relying party sees it: authorization code with PKCE, state and nonce.
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { z } from 'zod';
import { type Claimed, claimedBy, claimRules } from '#access/provider-claims.ts';
import { loginErrors } from './errors.ts';

const DEADLINE_S = 10;

export const providerSettings = z.strictObject({
  /** Exactly as its tokens say it. */
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  /** The `aud` of access tokens that programs send. Absent: the client's id. */
  audience: z.string().min(1).optional(),
  scope: z.string().default('openid profile'),
  /** On the button of the login page. */
  label: z.string().min(1).max(60).default('SSO'),
  claims: claimRules,
});
export type ProviderSettings = z.infer<typeof providerSettings>;

/** What the browser keeps between the two ends of a login. */
export const pendingLogin = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
});
export type PendingLogin = z.infer<typeof pendingLogin>;

export interface Provider {
  readonly label: string;
  jwksUri(): Promise<string>;
  /** Where the browser goes, and what is needed when it comes back. Throws CareError `login.provider-failed`. */
  begin(callback: string, next: string): Promise<{ readonly url: string; readonly pending: PendingLogin }>;
  /** Throws CareError `login.login-expired`, `login.provider-failed`. */
  finish(address: URL, pending: PendingLogin): Promise<Claimed>;
}

export function openProvider(settings: ProviderSettings): Provider {
  const { issuer, clientId, clientSecret, scope, claims: rules } = settings;
  let found: Promise<Configuration> | undefined;

  /** Asked again after a failure, and kept after a success: keys are fetched by themselves. */
  const configuration = (): Promise<Configuration> => {
    found ??= discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: DEADLINE_S,
      // A provider on plain http is one of this machine or of a test; the site file says so itself.
      ...(issuer.startsWith('http:') && { execute: [allowInsecureRequests] }),
    });
    found.catch(() => {
      found = undefined;
    });
    return found;
  };
  const failed = (cause: unknown) => loginErrors.error('provider-failed', { field: 'issuer', cause });

  return {
    label: settings.label,
    async jwksUri() {
      const { jwks_uri: uri } = (
        await configuration().catch((cause: unknown) => Promise.reject(failed(cause)))
      ).serverMetadata();
      if (uri === undefined) throw failed(new Error('no jwks_uri'));
      return uri;
    },
    async begin(callback, next) {
      const config = await configuration().catch((cause: unknown) => Promise.reject(failed(cause)));
      const pending = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), next };
      const url = buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, pending };
    },
    async finish(address, { state, nonce, verifier }) {
      if (address.searchParams.get('state') !== state) throw loginErrors.error('login-expired', { field: 'state' });
      try {
        const config = await configuration();
        const tokens = await authorizationCodeGrant(config, address, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const idToken = tokens.claims();
        if (idToken === undefined) throw new Error('no ID token');
        const { userinfo_endpoint: more } = config.serverMetadata();
        const said = more === undefined ? {} : await fetchUserInfo(config, tokens.access_token, idToken.sub);
        return claimedBy({ ...said, ...idToken }, rules);
      } catch (cause) {
        throw failed(cause);
      }
    },
  };
}
