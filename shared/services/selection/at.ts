/** An element that is there; without this, every read in a loop over typed arrays would have to be proven to be. */
export function at(numbers: ArrayLike<number>, index: number): number {
  return numbers[index] ?? Number.NaN;
}

/** The same for hot loops: V8 compiles a read for the kinds of arrays that it has seen, and this one sees one kind. */
export function doubleAt(numbers: Float64Array, index: number): number {
  return numbers[index] ?? Number.NaN;
}
