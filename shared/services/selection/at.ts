/** An element that is there; without this, every read in a loop over typed arrays would have to be proven to be. */
export function at(numbers: ArrayLike<number>, index: number): number {
  return numbers[index] ?? Number.NaN;
}
