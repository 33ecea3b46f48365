/**
 * Kinds of tasks from examples of each, as unit vectors of the encoder: a kind is the direction of its examples' mean, seen
 * from the middle of all kinds. How sharply they are told apart is what makes each example likeliest of its own kind, the
 * kind being made without it.
 */

const SHARPNESS = Array.from({ length: 16 }, (_, at) => 4 + 2 * at);

/** `vectors` are those of each kind. */
export function kindsOf(vectors) {
  const likelihoods = SHARPNESS.map((sharpness) => likelihood(vectors, sharpness));
  const best = likelihoods.indexOf(Math.max(...likelihoods));
  return { ...directionsOf(vectors), sharpness: SHARPNESS[best] };
}

function directionsOf(vectors) {
  const means = vectors.map((own) => unit(meanOf(own)));
  const middle = meanOf(means);
  return { middle, kinds: means.map((mean) => unit(from(middle, mean))) };
}

function likelihood(vectors, sharpness) {
  let sum = 0;
  for (const [kind, own] of vectors.entries()) {
    for (const [at, vector] of own.entries()) {
      const others = vectors.with(kind, own.toSpliced(at, 1));
      const { middle, kinds } = directionsOf(others);
      const seen = unit(from(middle, vector));
      const weights = kinds.map((one) => Math.exp(sharpness * dot(one, seen)));
      sum += Math.log(weights[kind] / weights.reduce((all, weight) => all + weight, 0));
    }
  }
  return sum;
}

const dot = (one, other) => one.reduce((sum, value, at) => sum + value * other[at], 0);
const from = (origin, vector) => vector.map((value, at) => value - origin[at]);
const unit = (vector) => {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
};
const meanOf = (vectors) =>
  vectors[0].map((_, at) => vectors.reduce((sum, vector) => sum + vector[at], 0) / vectors.length);
