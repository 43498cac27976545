/**
 * What interacts in a model of named variables:
 *
 *   p(s) ∝ exp( Σ_i h_i s_i + Σ_(i,j) J_ij s_i s_j + Σ_S K_S Π_{i∈S} s_i ),  s_i = ±1, each set once.
 *
 * Parameters stand in this order: h of every variable, J of every edge, K of every larger set.
 */
export interface Interactions {
  /** n. */
  readonly variables: number;
  /** Pairs i < j, one after the other. */
  readonly edges: Int32Array;
  /** Sets of three and more variables, each in ascending order. */
  readonly higher: readonly (readonly number[])[];
}

/** All pairs of n variables: (0, 1), (0, 2) … */
export function completeGraph(n: number): Int32Array {
  const edges = new Int32Array(n * (n - 1));
  let k = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      edges[k++] = i;
      edges[k++] = j;
    }
  }
  return edges;
}

/**
 * Interactions up to `order` bodies on a graph: a set is there where all its pairs are edges.
 *
 * @param edges pairs i < j in ascending order
 */
export function interactionsOn(variables: number, edges: Int32Array, order: number): Interactions {
  const later: number[][] = Array.from({ length: variables }, () => []);
  for (let e = 0; e < edges.length; e += 2) later[edges[e]].push(edges[e + 1]);
  const higher: number[][] = [];
  let sets: number[][] = [];
  for (let e = 0; e < edges.length; e += 2) sets.push([edges[e], edges[e + 1]]);
  for (let size = 3; size <= order && sets.length > 0; size++) {
    sets = sets.flatMap((set) =>
      later[set[size - 2]]
        .filter((next) => set.every((i) => later[i].includes(next)))
        .map((next) => [...set, next]),
    );
    for (const set of sets) higher.push(set);
  }
  return { variables, edges, higher };
}

/** Every parameter's set of variables as a bit mask, in the order of the parameters; n ≤ 30. */
export function masksOf({ variables, edges, higher }: Interactions): Int32Array {
  const masks: number[] = [];
  for (let i = 0; i < variables; i++) masks.push(1 << i);
  for (let e = 0; e < edges.length; e += 2) masks.push((1 << edges[e]) | (1 << edges[e + 1]));
  for (const set of higher) masks.push(set.reduce((mask, i) => mask | (1 << i), 0));
  return Int32Array.from(masks);
}
