import { evaluate, type Model } from '../../models/contract.ts';
import { largestEnumeration, visitConfigurations } from '../../models/lattice/exact/enumeration.ts';
import { bondCount, isBipartite, type Lattice, siteCount } from '../../models/lattice/lattice.ts';
import { finish } from '../../numerics/yielding.ts';
import { minimumCut } from './minimum-cut.ts';

/** Values of one configuration, both integers: B = Σ_<ij> s_i s_j and S = Σ s_i. */
export interface Point {
  readonly B: number;
  readonly S: number;
}

/** Sums of B and S over all images: integers, so that the mean is compared without rounding. */
export interface Sums extends Point {
  readonly images: number;
}

/** A supporting line of the lower edge: rise·S − run·B is largest on it, with rise ≥ 0 and run > 0. */
export interface Edge {
  readonly left: Point;
  readonly right: Point;
}

/** Where the data's mean lies; `unknown` below every known configuration and above every known bound. */
export type Place = 'inside' | { readonly edge: Edge } | 'unknown';

/** A configuration that maximises rise·S − run·B; null where nobody knows how to find one. */
type GroundState = (rise: number, run: number) => Point | null;

/**
 * Where the mean of (B, |S|) lies with respect to the lower edge of the convex hull of all configurations of
 * the uniform model; the other edges are B = n_B and S = ±n. The hull is its own mirror image in S.
 *
 * The edge below the mean is found by cutting planes: the chord between two of its points is either the
 * edge itself, or the configuration that lies lowest beneath it is a further point of the edge. That
 * configuration is the ground state at J = −1 in a uniform field. On a bipartite lattice the flip of one
 * sublattice makes it the ground state of a ferromagnet in a staggered field, a minimum cut.
 */
export function placeAbove(model: Model, sums: Sums): Place {
  const { lattice } = model;
  const mean: Sums = { ...sums, S: Math.abs(sums.S) };
  const checkerboard = pointOf(model, alternating(lattice));
  const lowest: Point = { B: checkerboard.B, S: Math.abs(checkerboard.S) };
  const full: Point = { B: bondCount(lattice), S: siteCount(lattice) };
  // between the lowest configuration and its mirror image the edge is level
  if (mean.S <= lowest.S * mean.images) {
    const edge = { left: { ...lowest, S: -lowest.S }, right: lowest };
    return mean.B > lowest.B * mean.images ? 'inside' : { edge };
  }
  let edge: Edge = { left: lowest, right: full };
  const groundState = groundStates(model, full);
  for (;;) {
    if (isAbove(mean, edge)) return 'inside';
    const [rise, run] = slope(edge);
    const point = groundState(rise, run);
    if (point === null) return outermost(model, mean);
    const gain = rise * (point.S - edge.left.S) - run * (point.B - edge.left.B);
    if (gain <= 0) return { edge };
    edge =
      point.S * mean.images <= mean.S
        ? { left: point, right: edge.right }
        : { left: edge.left, right: point };
  }
}

/** The slope of an edge in lowest terms. */
export function slope({ left, right }: Edge): [rise: number, run: number] {
  let a = right.B - left.B;
  let b = right.S - left.S;
  const [rise, run] = [a, b];
  while (b !== 0) [a, b] = [b, a % b];
  return [rise / a, run / a];
}

/** Whether the mean lies strictly above the line through an edge; exact, beyond 2⁵³ too. */
function isAbove(mean: Sums, edge: Edge): boolean {
  const [rise, run] = slope(edge).map(BigInt);
  const images = BigInt(mean.images);
  const B = BigInt(mean.B) - images * BigInt(edge.left.B);
  const S = BigInt(mean.S) - images * BigInt(edge.left.S);
  return run * B > rise * S;
}

function groundStates(model: Model, full: Point): GroundState {
  const { lattice } = model;
  if (isBipartite(lattice)) {
    // every site has d neighbours, and a spin against the majority breaks at most d bonds: B ≥ d|S| − n_B,
    // the line from the checkerboard to the uniform configuration
    if (lattice.boundary === 'periodic') return () => full;
    return (rise, run) => staggered(model, rise, run);
  }
  if (siteCount(lattice) <= largestEnumeration) {
    const all = [...lowestByEnumeration(model)];
    return (rise, run) =>
      all.reduce((best, p) => (rise * p.S - run * p.B > rise * best.S - run * best.B ? p : best));
  }
  return () => null;
}

/** Ground state at J = −run and field rise per site on a bipartite lattice. */
function staggered(model: Model, rise: number, run: number): Point {
  const colour = alternating(model.lattice);
  const side = minimumCut(
    model.statistics[0].bonds,
    run,
    Float64Array.from(colour, (sign) => sign * rise),
  );
  return pointOf(
    model,
    colour.map((sign, k) => (side[k] ? sign : -sign)),
  );
}

/** The lowest B for every S ≥ 0 that occurs. */
function lowestByEnumeration(model: Model): Iterable<Point> {
  const n = siteCount(model.lattice);
  const lowest = new Map<number, Point>();
  const visit = ([B, m]: Float64Array) => {
    const S = Math.abs(Math.round(m * n));
    if (B < (lowest.get(S)?.B ?? Number.POSITIVE_INFINITY)) lowest.set(S, { B, S });
  };
  finish(visitConfigurations(model, visit));
  return lowest.values();
}

/**
 * What is known of a large torus with an odd side, which is frustrated: the line B = 4S − n_B, which single
 * spins against the majority stay on, is an edge as far as the largest independent set of sites, and
 * everything above the chords from there to the checkerboard is inside.
 */
function outermost(model: Model, mean: Sums): Place {
  const { rows, cols } = model.lattice;
  const n = siteCount(model.lattice);
  const bonds = bondCount(model.lattice);
  const degree = (2 * bonds) / n;
  const right: Point = { B: bonds, S: n };
  // ⌊odd side/2⌋ of each ring; between two odd sides the rings run along the shorter one
  const ring = Math.min(...[rows, cols].filter((side) => side % 2 === 1 && side > 1));
  const independent = ((ring - 1) / 2) * (n / ring);
  const left: Point = { B: bonds - 2 * degree * independent, S: n - 2 * independent };
  const edge = { left, right };
  if (!isAbove(mean, edge)) return { edge };
  if (mean.S >= left.S * mean.images) return 'inside';
  const checkerboard = pointOf(model, alternating(model.lattice));
  const lowest: Point = { B: checkerboard.B, S: Math.abs(checkerboard.S) };
  return isAbove(mean, { left: lowest, right: left }) ? 'inside' : 'unknown';
}

/** The checkerboard: of lowest B also where an odd side breaks one bond of every ring along it. */
function alternating({ rows, cols }: Lattice): Int8Array {
  return Int8Array.from({ length: rows * cols }, (_, k) =>
    (Math.floor(k / cols) + (k % cols)) % 2 === 0 ? 1 : -1,
  );
}

function pointOf(model: Model, spins: Int8Array): Point {
  const [B, m] = evaluate(model, spins);
  return { B, S: Math.round(m * spins.length) };
}
