/** What labels.json says: the model's labels, its windows, and from which score on a span of a type counts. */
import { PII_TYPES, type PiiType } from '../../../model/pii.ts';

export type Position = 'O' | 'B' | 'I' | 'E' | 'S';

export interface Label {
  position: Position;
  /** None for `O`. */
  type?: PiiType;
}

export interface LabelSet {
  version: string;
  labels: readonly Label[];
  /** Tokens of a window, with its first and last mark. */
  window: number;
  /** Tokens that a window shares with the one before. */
  overlap: number;
  thresholds: Readonly<Partial<Record<PiiType, number>>>;
}

const OUTSIDE = 'O';
const LABEL = /^([BIES])-(.+)$/;

const isType = (name: string): name is PiiType => (PII_TYPES as readonly string[]).includes(name);

const labelOf = (name: string): Label => {
  if (name === OUTSIDE) return { position: OUTSIDE };
  const [, position, type = ''] = LABEL.exec(name) ?? [];
  if (!isType(type)) throw new TypeError(`labels.json holds an unknown label: ${name}`);
  return { position: position as Position, type };
};

interface Written {
  version: string | number;
  labels: string[];
  window: number;
  overlap: number;
  thresholds: Partial<Record<PiiType, number>>;
}

/** Throws TypeError where it is not what the model was made with. */
export const readLabelSet = (json: string): LabelSet => {
  const { version, labels, window, overlap, thresholds } = JSON.parse(json) as Written;
  if (!Array.isArray(labels) || labels.filter((name) => name === OUTSIDE).length !== 1)
    throw new TypeError('labels.json must hold the label O once');
  if (!(window > 2 && overlap >= 0 && overlap < window - 2))
    throw new TypeError('labels.json must give a window and a smaller overlap');
  return { version: String(version), labels: labels.map(labelOf), window, overlap, thresholds };
};
