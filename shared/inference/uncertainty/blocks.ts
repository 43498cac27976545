import { imageSpins } from '../../data/dataset.ts';
import { siteCount } from '../../models/lattice/lattice.ts';
import type { Problem } from '../run.ts';

/** Parts of the data that may stand for one another, with what each adds to the statistics. */
export interface Blocks {
  readonly unit: 'images' | 'tiles';
  /** Images in a row, or rows and columns of a tile. */
  readonly size: readonly number[];
  /** Blocks that the data are worth side by side: real, since blocks overlap. */
  readonly worth: number;
  /** Part of the mean's variance that blocks of this size do not see, since they break up what hangs together. */
  readonly loss: number;
  /** Σ T_a over each block: blocks × p. */
  readonly sums: Float64Array;
  /** What each block holds, in images. */
  readonly share: Float64Array;
}

/** Images from which on they are resampled themselves; from fewer, tiles of them where that can be. */
const enoughImages = 10;
/** Images without which nothing can be resampled where tiles are too few. */
const fewestImages = 5;
/** Blocks that the data must be worth. */
const fewestBlocks = 16;
/** Sides of a tile below which its edge is most of it. */
const smallestTile = 4;
/** Offsets of a tile along one of its sides. */
const offsets = 4;

/**
 * The blocks that a bootstrap draws from: runs of neighbouring images, or tiles of few images. Null where
 * there are too few of either.
 */
export function blocksOf(problem: Problem, effectiveImages: number): Blocks | null {
  const { images } = problem.observed;
  if (images >= enoughImages) return imageBlocks(problem, effectiveImages);
  return tileBlocks(problem) ?? (images >= fewestImages ? imageBlocks(problem, images) : null);
}

/**
 * Circular moving blocks of L neighbouring images. L = 1 where they are independent; else what is best for the
 * variance of a mean of an autoregressive sequence with the same τ_int,
 *
 *   L = (6 (ρ/(1 − ρ²))² M)^(1/3),   ρ = (2τ − 1)/(2τ + 1),
 *
 * of whose variance they lose 2ρ/(1 − ρ²)/L.
 *
 * Source: H. R. Künsch, Ann. Stat. 17, 1217 (1989), moving blocks; D. N. Politis, H. White, Econometric Reviews
 * 23, 53 (2004), circular ones and their length.
 */
function imageBlocks({ observed }: Problem, effectiveImages: number): Blocks {
  const { images, values, mean } = observed;
  const p = mean.length;
  const tau = images / effectiveImages / 2;
  const rho = (2 * tau - 1) / (2 * tau + 1);
  const best = Math.cbrt(6 * (rho / (1 - rho * rho)) ** 2 * images);
  const length = Math.max(1, Math.min(Math.ceil(best), Math.floor(images / 4)));
  const loss = Math.min(0.5, (2 * rho) / (1 - rho * rho) / length);
  const sums = new Float64Array(images * p);
  for (let i = 0; i < images; i++) {
    for (let k = 0; k < length; k++) {
      for (let a = 0; a < p; a++) sums[i * p + a] += values[((i + k) % images) * p + a];
    }
  }
  const share = new Float64Array(images).fill(length);
  return { unit: 'images', size: [length], worth: images / length, loss, sums, share };
}

/**
 * Circular moving tiles of all images, of side 2 n^(1/4) as far as the data are worth 16 of them: a side
 * that grows as n^(1/4) is best for the variance of a mean over a plane. Bonds count half at either end.
 * Null where tiles would be smaller than 4 × 4.
 *
 * Source: P. Hall, Stoch. Proc. Appl. 20, 231 (1985); S. N. Lahiri, Resampling Methods for Dependent Data
 * (2003), chapter 12.
 */
function tileBlocks({ model, data }: Problem): Blocks | null {
  const { rows, cols } = model.lattice;
  const n = siteCount(model.lattice);
  const p = model.statistics.length;
  const worth = (side: number) => (data.images * n) / (Math.min(side, rows) * Math.min(side, cols));
  let side = Math.floor(2 * n ** 0.25);
  while (side >= smallestTile && worth(side) < fewestBlocks) side--;
  if (side < smallestTile) return null;

  // cells, of which a tile holds a few along each side that is not the picture's own
  const [high, wide] = [rows, cols].map((length) => {
    const inTile = length > side ? offsets : 1;
    return {
      inTile,
      cells: length > side ? Math.max(offsets, Math.round((offsets * length) / side)) : 1,
    };
  });
  const cellOf = Int32Array.from({ length: n }, (_, k) => {
    const row = Math.floor((Math.floor(k / cols) * high.cells) / rows);
    return row * wide.cells + Math.floor(((k % cols) * wide.cells) / cols);
  });
  const cells = high.cells * wide.cells;
  const inCell = new Float64Array(cells);
  for (const cell of cellOf) inCell[cell] += 1 / n;

  const sums = new Float64Array(data.images * cells * p);
  const share = new Float64Array(data.images * cells);
  for (let i = 0; i < data.images; i++) {
    const spins = imageSpins(data, i);
    const ofCells = new Float64Array(cells * p);
    model.statistics.forEach(({ bonds, sites, weight }, a) => {
      for (let e = 0; e < bonds.length; e += 2) {
        const half = (weight * spins[bonds[e]] * spins[bonds[e + 1]]) / 2;
        ofCells[cellOf[bonds[e]] * p + a] += half;
        ofCells[cellOf[bonds[e + 1]] * p + a] += half;
      }
      for (const k of sites) ofCells[cellOf[k] * p + a] += weight * spins[k];
    });
    // tiles that begin at every cell
    for (let tile = 0; tile < cells; tile++) {
      const [top, left] = [Math.floor(tile / wide.cells), tile % wide.cells];
      const block = i * cells + tile;
      for (let q = 0; q < high.inTile; q++) {
        for (let r = 0; r < wide.inTile; r++) {
          const cell = ((top + q) % high.cells) * wide.cells + ((left + r) % wide.cells);
          share[block] += inCell[cell];
          for (let a = 0; a < p; a++) sums[block * p + a] += ofCells[cell * p + a];
        }
      }
    }
  }
  const size = [Math.min(side, rows), Math.min(side, cols)];
  return { unit: 'tiles', size, worth: worth(side), loss: 0, sums, share };
}
