import {
  address,
  blocks,
  lanes,
  lastLane,
  lastRows,
  oddCols,
  oddRows,
  offset,
  rows,
  size,
  wrapsCols,
  wrapsRows,
} from './shape';

/*
 * What is kept twice: the ends of a row that goes round, and the rows where the blocks of one lattice meet.
 * A row below the last one, in the last block, is the lattice's first row again, or ghosts.
 */

/** Copies one site's lanes. */
@inline export function copySite(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

/** Copies the ends of a row to where the torus repeats them: in the other colour's row if cols is odd. */
@inline export function wrapRow(row: i32, colour: i32, here: usize, bytes: usize): void {
  const shifted = offset(row, colour) != 0;
  if (!oddCols) {
    if (shifted) copySite(here - lanes, here + bytes - lanes);
    else copySite(here + bytes, here);
  } else if (!shifted) {
    const others = address(row, 1 - colour);
    copySite(others + size(row, 1 - colour), here);
    copySite(others - lanes, here + bytes - lanes);
  }
}

/** Repeats row `from` of one colour in halo row `to`, each lane moved by one towards `step`. */
function repeat(from: i32, to: i32, step: i32, colour: i32): void {
  const bytes = size(from, colour);
  const source = address(from, colour);
  const target = address(to, colour);
  for (let x: usize = 0; x < bytes; x += 16) {
    v128.store(target + x, v128.load(source + x - step));
  }
}

/** Repeats row `from`, lane `origin`, in row `to`, lane `edge`, of a colour: ghosts where rows do not go round. */
function join(from: i32, origin: usize, to: i32, edge: usize, colour: i32): void {
  const bytes = size(to, colour);
  const source = address(from, oddRows ? 1 - colour : colour) + origin;
  const target = address(to, colour) + edge;
  for (let x: usize = 0; x < bytes; x += lanes) {
    store<u8>(target + x, wrapsRows ? load<u8>(source + x) : 1);
  }
}

/** Renews what blocks repeat of one colour in some rows, after these were written. */
@inline export function repeatEdges(colour: i32, first: i32, last: i32): void {
  if (!blocks) return;
  const opposite = oddRows ? 1 - colour : colour;
  if (first == 0) {
    repeat(0, rows, -1, colour);
    join(0, 0, lastRows, lastLane, opposite);
  }
  if (last == rows) {
    repeat(rows - 1, -1, 1, colour);
    join(lastRows - 1, lastLane, -1, 0, colour);
  }
  if (first < lastRows && last >= lastRows) join(lastRows - 1, lastLane, -1, 0, opposite);
  // the repeated row itself was written to
  if (last > lastRows || first == 0) join(0, 0, lastRows, lastLane, colour);
}

/** Copies what the torus or the next block repeats of some rows, after spins were written from outside. */
export function refresh(colour: i32, first: i32, last: i32): void {
  repeatEdges(colour, first, last);
  if (!wrapsCols) return;
  for (let row = first; row < last; row++) {
    wrapRow(row, colour, address(row, colour), size(row, colour));
  }
}
