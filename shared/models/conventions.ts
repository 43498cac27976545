/**
 * How the literature's readings of the same distribution spell J and h. The program computes in its own
 * convention, p ∝ exp(J Σ_<ij> s_i s_j + (h/n) Σ_i s_i) with each bond once; these only rewrite numbers.
 */
export interface Convention {
  /** `plus`: weights exp(+J…); `minus`: the sign of the notes' eq. (2), which prints (−J, −h). */
  readonly sign: 'plus' | 'minus';
  /** `once`: each bond once; `ordered`: Σ_ij over ordered pairs counts it twice, so that J is half. */
  readonly pairs: 'once' | 'ordered';
  /** `total`: the notes' h with h_k = h/n; `per-site`: h/n, what most of the literature calls h. */
  readonly field: 'total' | 'per-site';
}

/** Factors by which J and h of this program are multiplied to be those of another convention. */
export function conversion(
  { sign, pairs, field }: Convention,
  sites: number,
): { readonly J: number; readonly h: number } {
  const s = sign === 'minus' ? -1 : 1;
  return { J: pairs === 'ordered' ? s / 2 : s, h: field === 'per-site' ? s / sites : s };
}
