/** A request's features of each kind that was asked for, as strategies see them and as observations keep them. */
import type { FeatureVersions, Observation } from '../../model/observation.ts';
import type { FeatureKind } from '../../model/policy.ts';
import { EMBEDDED_FEATURES_VERSION } from './embed-features.ts';
import { FEATURES_VERSION } from './extract-features.ts';
import { packFeatures } from './pack-features.ts';

export const FEATURE_VERSIONS: FeatureVersions = {
  hashed: FEATURES_VERSION,
  embedded: EMBEDDED_FEATURES_VERSION,
};

/** `FEATURE_SIZE` numbers, and `EMBEDDED_FEATURE_SIZE`. */
export type Features = Readonly<Partial<Record<FeatureKind, readonly number[]>>>;

export const observedFeatures = ({ hashed, embedded }: Features): Partial<Observation> => ({
  ...(hashed === undefined
    ? {}
    : { features: packFeatures(hashed), features_version: FEATURE_VERSIONS.hashed }),
  ...(embedded === undefined
    ? {}
    : { embedded_features: packFeatures(embedded), embedded_features_version: FEATURE_VERSIONS.embedded }),
});
