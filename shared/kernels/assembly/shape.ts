/*
 * How lattices lie in memory. 32 of them, or the row blocks of one, lie side by side in the bytes of a site; a
 * row keeps its two colours apart, so that the sites of one colour are contiguous and the neighbours of all of
 * them are four contiguous rows of bytes. Rows −1 and `rows` and a site at both ends of each row are halo.
 */

/** Lattices side by side: two vectors. */
@inline export const lanes: usize = 32;

// shape, set once
export let rows: i32 = 0;
export let cols: i32 = 0;
/** Rows that are updated before the other colour follows. */
export let blockRows: i32 = 0;
/** Columns go round. */
export let wrapsCols: bool = false;
/** Rows go round. */
export let wrapsRows: bool = false;
/** Lanes are row blocks of one lattice: row −1 and `rows` repeat the last and first row, one lane on. */
export let blocks: bool = false;
/** Of one lattice: the lane that holds its last rows; lanes beyond it are idle. */
export let lastLane: usize = 0;
/** Of one lattice: rows of that lane; what its further ones hold is of no account. */
export let lastRows: i32 = 0;
/** Columns, or rows, go round in an odd number: the two at the seam have the same colour. */
export let oddCols: bool = false;
export let oddRows: bool = false;
/** The couplings along rows and along columns differ. */
export let split: bool = false;

let spins: usize = 0;
let rowBytes: i32 = 0;
let colourBytes: i32 = 0;

export function setShape(
  rows_: i32,
  cols_: i32,
  blockRows_: i32,
  wrapsRows_: bool,
  wrapsCols_: bool,
  blocks_: bool,
  lastLane_: usize,
  lastRows_: i32,
  split_: bool,
): void {
  rows = rows_;
  cols = cols_;
  blockRows = blockRows_;
  wrapsRows = wrapsRows_;
  wrapsCols = wrapsCols_;
  blocks = blocks_;
  lastLane = lastLane_;
  lastRows = lastRows_;
  oddCols = wrapsCols_ && (cols_ & 1) != 0;
  oddRows = wrapsRows_ && (lastRows_ & 1) != 0;
  split = split_;
}

export function setSpins(spins_: usize, rowBytes_: i32, colourBytes_: i32): void {
  spins = spins_;
  rowBytes = rowBytes_;
  colourBytes = colourBytes_;
}

/** Bytes from a row to the next. */
@inline export function rowStep(): usize {
  return rowBytes;
}

/** Address of the first site of a colour in a row; site i of that colour is column 2i + (row + colour) % 2. */
@inline export function address(row: i32, colour: i32): usize {
  return spins + (row + 1) * rowBytes + colour * colourBytes + lanes;
}

@inline export function offset(row: i32, colour: i32): i32 {
  return (row + colour) & 1;
}

/** Bytes of a colour's sites in a row. */
@inline export function size(row: i32, colour: i32): usize {
  return <usize>((cols + 1 - offset(row, colour)) >> 1) * lanes;
}

/** The row above, or what it is repeated in. */
@inline export function above(row: i32, colour: i32): usize {
  if (row > 0 || blocks || !wrapsRows) return address(row - 1, 1 - colour);
  return address(rows - 1, oddRows ? colour : 1 - colour);
}

@inline export function below(row: i32, colour: i32): usize {
  if (row + 1 < rows || blocks || !wrapsRows) return address(row + 1, 1 - colour);
  return address(0, oddRows ? colour : 1 - colour);
}
