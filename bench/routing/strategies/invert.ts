/** Inverse of a symmetric positive definite matrix, row by row, by Cholesky. Throws RangeError where it is not. */
export function invert(matrix: Float64Array, size: number): Float64Array {
  const lower = cholesky(matrix, size);
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column += 1) {
    const unit = new Float64Array(size);
    unit[column] = 1;
    inverse.set(solveCholesky(lower, unit), column * size);
  }
  return inverse;
}

/** Solves matrix * x = b for a symmetric positive definite matrix. */
export const solve = (matrix: Float64Array, b: Float64Array): Float64Array =>
  solveCholesky(cholesky(matrix, b.length), b);

function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * size + column] ?? 0;
      for (let at = 0; at < column; at += 1) {
        sum -= (lower[row * size + at] ?? 0) * (lower[column * size + at] ?? 0);
      }
      if (row === column) {
        if (!(sum > 0)) throw new RangeError('the matrix is not positive definite');
        lower[row * size + row] = Math.sqrt(sum);
      } else lower[row * size + column] = sum / (lower[column * size + column] ?? 1);
    }
  }
  return lower;
}

function solveCholesky(lower: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  const x = Float64Array.from(b);
  for (let row = 0; row < size; row += 1) {
    let sum = x[row] ?? 0;
    for (let at = 0; at < row; at += 1) sum -= (lower[row * size + at] ?? 0) * (x[at] ?? 0);
    x[row] = sum / (lower[row * size + row] ?? 1);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = x[row] ?? 0;
    for (let at = row + 1; at < size; at += 1) sum -= (lower[at * size + row] ?? 0) * (x[at] ?? 0);
    x[row] = sum / (lower[row * size + row] ?? 1);
  }
  return x;
}
