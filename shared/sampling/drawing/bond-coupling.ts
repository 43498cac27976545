import { siteCount } from '../../models/lattice/lattice.ts';
import { sfc32 } from '../../numerics/random.ts';
import type { Coupling } from './coupling.ts';
import { type Couplings, gaugeOf, isFerromagnet, neighbourTable } from './lattice-model.ts';

/** Nanoseconds of a bond that needs no search, and of a site that a search visits. */
const bondWork = 20;
const visitWork = 25;

const lowest = 1;
const middle = 2;
const highest = 4;
const all = lowest | middle | highest;

/**
 * Heat-bath of the random-cluster representation: bonds that are open or closed, with probability
 *
 *   φ(ω) ∝ Π_bonds p^ω (1 − p)^(1−ω) · 2^(clusters of ω),   p = 1 − exp(−2|J|).
 *
 * A bond whose ends are joined without it is open with probability p, any other with p/(2 − p); more open bonds join
 * more, so that the map is monotone. A field joins sites to a ghost with p = 1 − exp(−2|h|/n). Every cluster takes a
 * sign by a coin, the ghost's that of the field. Signs ε_k turn an unfrustrated antiferromagnet into this.
 *
 * Sources: C. M. Fortuin, P. W. Kasteleyn, Physica 57, 536 (1972); J. G. Propp, D. B. Wilson, Random Struct.
 * Algorithms 9, 223 (1996), section 4.2.
 *
 * @returns null where the representation has no positive weights: frustrated bonds, or a field on an antiferromagnet
 */
export function bondCoupling(couplings: Couplings, seed: number, stream: number): Coupling | null {
  const { along, across, field } = couplings;
  const gauge = gaugeOf(couplings);
  if (gauge === null || (field !== 0 && !isFerromagnet(couplings))) return null;
  const signs = gauge;
  const n = siteCount(couplings.lattice);
  const neighbours = neighbourTable(couplings.lattice);
  const generator = sfc32(seed, stream);
  // bond 2k leads to the right of site k, 2k + 1 below it
  const bonds = new Uint8Array(2 * n);
  const ghosts = new Uint8Array(n);
  const bondOf = new Int32Array(4 * n);
  for (let k = 0; k < n; k++) {
    bondOf[4 * k] = 2 * neighbours[4 * k];
    bondOf[4 * k + 1] = 2 * k;
    bondOf[4 * k + 2] = 2 * neighbours[4 * k + 2] + 1;
    bondOf[4 * k + 3] = 2 * k + 1;
  }
  const open = [along, across, field].map((value) => -Math.expm1(-2 * Math.abs(value)));
  // of p/(2 − p) = tanh|J|, exact also where p is all but 1
  const always = [along, across, field].map((value) => Math.tanh(Math.abs(value)));
  const words = new Uint32Array(4096);
  let used = words.length;
  /** A number in [0, 1) with 53 random bits. */
  const random = (): number => {
    if (used === words.length) {
      generator.fill(words);
      used = 0;
    }
    const high = words[used] >>> 5;
    const low = words[used + 1] >>> 6;
    used += 2;
    return (high * 2 ** 26 + low) / 2 ** 53;
  };
  const seen = new Int32Array(n);
  let mark = 0;
  const queues = [new Int32Array(n), new Int32Array(n)];
  /** Bonds whose lowest and middle, middle and highest state differ. */
  let below = 0;
  let above = 0;
  let visited = 0;

  const neighboursInto = (
    queue: Int32Array,
    head: number,
    tail: number,
    own: number,
    other: number,
    layer: number,
  ) => {
    const site = queue[head];
    for (let d = 4 * site; d < 4 * site + 4; d++) {
      const next = neighbours[d];
      if (next === n || (bonds[bondOf[d]] & layer) === 0) continue;
      if (seen[next] === other) return -1;
      if (seen[next] === own) continue;
      seen[next] = own;
      queue[tail++] = next;
    }
    return tail;
  };

  /** Whether two sites are joined in a layer: searched from both ends in turns, until one has no more sites. */
  const joined = (first: number, second: number, layer: number): boolean => {
    const [a, b] = queues;
    mark += 2;
    const [markA, markB] = [mark, mark + 1];
    seen[first] = markA;
    seen[second] = markB;
    a[0] = first;
    b[0] = second;
    let [headA, tailA, headB, tailB] = [0, 1, 0, 1];
    let ghostA = false;
    let ghostB = false;
    for (;;) {
      if (!ghostA) {
        // all sites of it seen, and none of the other's
        if (headA === tailA) return false;
        visited++;
        if ((ghosts[a[headA]] & layer) > 0) ghostA = true;
        tailA = neighboursInto(a, headA++, tailA, markA, markB, layer);
        if (tailA < 0) return true;
      }
      if (!ghostB) {
        if (headB === tailB) return false;
        visited++;
        if ((ghosts[b[headB]] & layer) > 0) ghostB = true;
        tailB = neighboursInto(b, headB++, tailB, markB, markA, layer);
        if (tailB < 0) return true;
      }
      if (ghostA && ghostB) return true;
    }
  };

  const haunted = (site: number, layer: number): boolean => {
    const [a] = queues;
    mark += 2;
    seen[site] = mark;
    a[0] = site;
    for (let head = 0, tail = 1; head < tail; head++) {
      visited++;
      if ((ghosts[a[head]] & layer) > 0) return true;
      tail = neighboursInto(a, head, tail, mark, -1, layer);
    }
    return false;
  };

  /** Where the search begins at a ghost's bond there is no second site. */
  const search = (first: number, second: number, layer: number): boolean =>
    second < 0 ? haunted(first, layer) : joined(first, second, layer);

  /** The layers in which two ends are joined; layers that do not differ anywhere are searched once. */
  const layers = (first: number, second: number): number => {
    if (search(first, second, middle)) {
      if (below === 0) return all;
      return search(first, second, lowest) ? all : middle | highest;
    }
    return above > 0 && search(first, second, highest) ? highest : 0;
  };

  const update = (states: Uint8Array, at: number, kind: number, first: number, second: number) => {
    const u = random();
    const before = states[at];
    if ((before & lowest) << 1 !== (before & middle)) below--;
    if ((before & middle) << 1 !== (before & highest)) above--;
    let after = 0;
    if (u < always[kind]) after = all;
    else if (u < open[kind]) {
      states[at] = 0;
      after = layers(first, second);
    }
    states[at] = after;
    if ((after & lowest) << 1 !== (after & middle)) below++;
    if ((after & middle) << 1 !== (after & highest)) above++;
  };

  const spreadOver = (states: Uint8Array, at: number) => {
    states[at] = (states[at] & middle) | highest;
    if ((states[at] & middle) > 0) below++;
    else above++;
  };
  const hasBond = (at: number) => neighbours[4 * (at >> 1) + 1 + 2 * (at & 1)] < n;

  return {
    name: 'random clusters',
    spread() {
      below = above = 0;
      for (let at = 0; at < 2 * n; at++) if (hasBond(at)) spreadOver(bonds, at);
      if (field !== 0) for (let k = 0; k < n; k++) spreadOver(ghosts, k);
    },
    sweep() {
      visited = 0;
      // marks never repeat: far more searches than this take days
      if (mark > 2 ** 30) {
        seen.fill(0);
        mark = 0;
      }
      let updates = 0;
      for (let k = 0; k < n; k++) {
        for (let d = 0; d < 2; d++) {
          const other = neighbours[4 * k + 1 + 2 * d];
          if (other === n) continue;
          update(bonds, 2 * k + d, d, k, other);
          updates++;
        }
        if (field === 0) continue;
        update(ghosts, k, 2, k, -1);
        updates++;
      }
      return bondWork * updates + visitWork * visited;
    },
    met: () => below + above === 0,
    configuration() {
      const spins = new Int8Array(n);
      const [queue] = queues;
      for (let k = 0; k < n; k++) {
        if (spins[k] !== 0) continue;
        mark += 2;
        seen[k] = mark;
        queue[0] = k;
        let tail = 1;
        let ghost = false;
        for (let head = 0; head < tail; head++) {
          if ((ghosts[queue[head]] & middle) > 0) ghost = true;
          tail = neighboursInto(queue, head, tail, mark, -1, middle);
        }
        const coin = random() < 0.5 ? 1 : -1;
        const sign = ghost ? Math.sign(field) : coin;
        for (let head = 0; head < tail; head++) spins[queue[head]] = sign * signs[queue[head]];
      }
      return spins;
    },
  };
}
