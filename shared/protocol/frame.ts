/** A lattice to look at: n spins ±1, row-major. */
export interface Frame {
  readonly rows: number;
  readonly cols: number;
  readonly spins: Int8Array;
}
