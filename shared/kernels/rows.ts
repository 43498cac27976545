/** A kernel whose chains can be read and written row by row, as bytes 0 (down) and 1 (up). */
export interface ByRows {
  copyRow(chain: number, row: number, to: Uint8Array, at: number): void;
  setRow(chain: number, row: number, from: Uint8Array, at: number): void;
  /** To be called after rows were set, before the next sweep. */
  rowsSet(): void;
}
