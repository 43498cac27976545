/** Samples of named variables: the distinct rows of a table, each with how often it was seen. */
export interface Samples {
  readonly names: readonly string[];
  /** Distinct rows × n spins ±1, row after row. */
  readonly spins: Int8Array;
  /** How often each distinct row was seen: whole numbers above 0. */
  readonly weights: Float64Array;
  /** M = Σ weights. */
  readonly total: number;
}

/** Mean of Π_{i∈S} s_i over all samples, of the set S of variables. */
export function meanProduct(samples: Samples, set: readonly number[]): number {
  const { spins, weights, total } = samples;
  const n = samples.names.length;
  let sum = 0;
  for (let r = 0; r < weights.length; r++) {
    let product = weights[r];
    for (let k = 0; k < set.length; k++) product *= spins[r * n + set[k]];
    sum += product;
  }
  return sum / total;
}
