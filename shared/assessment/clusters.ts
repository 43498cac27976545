import { type Lattice, siteCount } from '../models/lattice/lattice.ts';

/** The clusters of one image: connected sets of equal spins, joined by nearest-neighbour bonds. */
export interface Clusters {
  readonly bright: number;
  readonly dark: number;
  /** Sites of the largest bright, and of the largest dark cluster. */
  readonly largestBright: number;
  readonly largestDark: number;
  /** Bonds between the largest cluster and the rest, per site of it. */
  readonly perimeter: number;
}

/**
 * A counter of clusters for images of one lattice: labels in one pass from left to right and from top to
 * bottom, labels that meet joined in a forest, a torus closed at its seams.
 *
 * Source: J. Hoshen, R. Kopelman, Phys. Rev. B 14, 3438 (1976).
 */
export function clusterCounter(l: Lattice): (spins: ArrayLike<number>) => Clusters {
  const { rows, cols } = l;
  const n = siteCount(l);
  const wrapsAcross = l.boundary === 'periodic' && cols > 1;
  const wrapsDown = l.boundary === 'periodic' && rows > 1;
  const labels = new Int32Array(n);
  const parent = new Int32Array(n);
  const size = new Int32Array(n);
  const border = new Int32Array(n);
  const colour = new Int8Array(n);
  const root = (label: number) => {
    let k = label;
    while (parent[k] !== k) {
      // path halving
      parent[k] = parent[parent[k]];
      k = parent[k];
    }
    return k;
  };
  const join = (first: number, second: number) => {
    if (first === second) return;
    const [a, b] = [root(first), root(second)];
    if (a < b) parent[b] = a;
    else parent[a] = b;
  };
  return (spins) => {
    // a label from the left or from above, or a new one
    let count = 0;
    for (let site = 0, q = 0; q < rows; q++) {
      for (let r = 0; r < cols; r++, site++) {
        const spin = spins[site];
        const isAbove = q > 0 && spins[site - cols] === spin;
        if (r > 0 && spins[site - 1] === spin) {
          labels[site] = labels[site - 1];
          if (isAbove) join(labels[site], labels[site - cols]);
        } else if (isAbove) labels[site] = labels[site - cols];
        else {
          parent[count] = count;
          colour[count] = spin;
          labels[site] = count++;
        }
      }
    }
    // the seams of a torus
    for (let q = 0; wrapsAcross && q < rows; q++) {
      const [left, right] = [q * cols, q * cols + cols - 1];
      if (spins[left] === spins[right]) join(labels[left], labels[right]);
    }
    for (let r = 0; wrapsDown && r < cols; r++) {
      const bottom = n - cols + r;
      if (spins[r] === spins[bottom]) join(labels[r], labels[bottom]);
    }

    // sizes, and unequal bonds on both of their sides
    size.fill(0, 0, count);
    border.fill(0, 0, count);
    for (let site = 0; site < n; site++) {
      const label = root(labels[site]);
      labels[site] = label;
      size[label]++;
    }
    const separate = (a: number, b: number) => {
      if (spins[a] === spins[b]) return;
      border[labels[a]]++;
      border[labels[b]]++;
    };
    for (let site = 0, q = 0; q < rows; q++) {
      for (let r = 0; r < cols; r++, site++) {
        if (r + 1 < cols) separate(site, site + 1);
        else if (wrapsAcross) separate(site, q * cols);
        if (q + 1 < rows) separate(site, site + cols);
        else if (wrapsDown) separate(site, r);
      }
    }

    let [bright, dark, largestBright, largestDark, most, perimeter] = [0, 0, 0, 0, 0, 0];
    for (let label = 0; label < count; label++) {
      if (parent[label] !== label) continue;
      const sites = size[label];
      if (colour[label] > 0) {
        bright++;
        largestBright = Math.max(largestBright, sites);
      } else {
        dark++;
        largestDark = Math.max(largestDark, sites);
      }
      // of equally large clusters the one with the longer border
      if (sites > most || (sites === most && border[label] > perimeter)) {
        most = sites;
        perimeter = border[label];
      }
    }
    return { bright, dark, largestBright, largestDark, perimeter: perimeter / most };
  };
}
