import { describe, expect, it } from 'vitest';
import { clusterCounter } from '../../shared/assessment/clusters.ts';
import { directions, pairCounter } from '../../shared/assessment/correlations.ts';
import { countRuns, runClasses } from '../../shared/assessment/runs.ts';
import { measurement } from '../../shared/assessment/statistics.ts';
import { type Boundary, type Lattice, lattice } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';
import { sfc32, uniform } from '../../shared/numerics/random.ts';

function randomSpins(n: number, seed: number, up = 0.5): Int8Array {
  const generator = sfc32(seed);
  return Int8Array.from({ length: n }, () => (uniform(generator) < up ? 1 : -1));
}

const shapes = [
  [5, 7],
  [4, 4],
  [6, 3],
  [3, 70],
  [12, 32],
] as const;
const cases = shapes.flatMap(([rows, cols]) =>
  (['free', 'periodic'] as const).map((boundary) => ({ rows, cols, boundary })),
);

/** The spin at any row and column; on a torus of the whole plane, with free edges 0 outside. */
function reader({ rows, cols, boundary }: Lattice, spins: Int8Array) {
  const wrap = (k: number, side: number) => ((k % side) + side) % side;
  return (q: number, r: number) => {
    const inside = q >= 0 && q < rows && r >= 0 && r < cols;
    if (!inside && boundary === 'free') return 0;
    return spins[wrap(q, rows) * cols + wrap(r, cols)];
  };
}

describe.each(cases)('$rows × $cols, $boundary', ({ rows, cols, boundary }) => {
  const l = lattice(rows, cols, boundary as Boundary);
  const n = rows * cols;
  const steps = { rows: [0, 1], columns: [1, 0], falling: [1, 1], rising: [-1, 1] };

  it('counts pairs and plaquettes as a sum over all sites does', () => {
    const spins = randomSpins(n, 3);
    const at = reader(l, spins);
    const counter = pairCounter(l);
    // what was counted before leaves no trace
    counter.take(randomSpins(n, 4));
    counter.pairMean('falling', 1);
    counter.take(spins);
    for (const direction of directions) {
      for (const d of [1, 2]) {
        let [sum, pairs] = [0, 0];
        for (let q = 0; q < rows; q++) {
          for (let r = 0; r < cols; r++) {
            const other = at(q + d * steps[direction][0], r + d * steps[direction][1]);
            sum += at(q, r) * other;
            pairs += Math.abs(other);
          }
        }
        expect(counter.pairMean(direction, d)).toBeCloseTo(sum / pairs, 12);
      }
    }
    let [sum, squares] = [0, 0];
    for (let q = 0; q < rows; q++) {
      for (let r = 0; r < cols; r++) {
        const product = at(q, r) * at(q + 1, r) * at(q, r + 1) * at(q + 1, r + 1);
        sum += product;
        squares += Math.abs(product);
      }
    }
    expect(counter.plaquetteMean()).toBeCloseTo(sum / squares, 12);
  });

  it.each(['rows', 'columns'] as const)(
    'counts runs along %s as a search from every site does',
    (way) => {
      for (const seed of [1, 2, 3]) {
        const spins = randomSpins(n, seed, 0.7);
        const at = reader(l, spins);
        const [down, right] = steps[way];
        const side = way === 'rows' ? cols : rows;
        // every site's run, counted 1/length for each of its sites
        const expected = new Float64Array(runClasses.length);
        for (let q = 0; q < rows; q++) {
          for (let r = 0; r < cols; r++) {
            let length = 1;
            for (const sign of [1, -1]) {
              for (let k = 1; at(q + sign * k * down, r + sign * k * right) === at(q, r); k++) {
                if (length >= side) break;
                length++;
              }
            }
            const found = runClasses.findIndex(([, high]) => length <= high);
            expected[found] += 1 / length;
          }
        }
        const counts = new Float64Array(runClasses.length);
        const total = countRuns(l, spins, way, counts);
        counts.forEach((count, c) => {
          expect(count).toBeCloseTo(expected[c], 9);
        });
        expect(total).toBe(counts.reduce((sum, count) => sum + count, 0));
      }
    },
  );

  it('finds the clusters that a flood fill finds', () => {
    const clustersOf = clusterCounter(l);
    for (const seed of [1, 2, 3, 4]) {
      const spins = randomSpins(n, seed, 0.6);
      const at = reader(l, spins);
      const seen = new Int32Array(n).fill(-1);
      const sizes: number[] = [];
      const colours: number[] = [];
      for (let start = 0; start < n; start++) {
        if (seen[start] >= 0) continue;
        const label = sizes.length;
        const stack = [start];
        seen[start] = label;
        let size = 0;
        for (let site = stack.pop(); site !== undefined; site = stack.pop()) {
          size++;
          const [q, r] = [Math.floor(site / cols), site % cols];
          for (const [dq, dr] of [
            [0, 1],
            [1, 0],
            [0, -1],
            [-1, 0],
          ]) {
            if (at(q + dq, r + dr) !== spins[site]) continue;
            const next = ((q + dq + rows) % rows) * cols + ((r + dr + cols) % cols);
            if (seen[next] < 0) {
              seen[next] = label;
              stack.push(next);
            }
          }
        }
        sizes.push(size);
        colours.push(spins[start]);
      }
      const border = sizes.map((_, label) => {
        let sum = 0;
        for (let site = 0; site < n; site++) {
          if (seen[site] !== label) continue;
          const [q, r] = [Math.floor(site / cols), site % cols];
          for (const [dq, dr] of [
            [0, 1],
            [1, 0],
            [0, -1],
            [-1, 0],
          ]) {
            if (at(q + dq, r + dr) === -spins[site]) sum++;
          }
        }
        return sum;
      });
      const largest = Math.max(...sizes);
      const longest = Math.max(...border.filter((_, label) => sizes[label] === largest));
      const count = (colour: number) => colours.filter((c) => c === colour).length;
      const most = (colour: number) =>
        Math.max(0, ...sizes.filter((_, label) => colours[label] === colour));
      expect(clustersOf(spins)).toEqual({
        bright: count(1),
        dark: count(-1),
        largestBright: most(1),
        largestDark: most(-1),
        perimeter: longest / largest,
      });
    }
  });
});

describe('symmetries', () => {
  const measured = (l: Lattice, spins: Int8Array) => {
    const { statistics, measure } = measurement(uniformModel(l));
    const out = new Float64Array(statistics.length);
    measure(spins, out);
    return new Map(statistics.map(({ name }, k) => [name, out[k]]));
  };

  it.each(['free', 'periodic'] as const)(
    'turns rows into columns with the picture, %s',
    (boundary) => {
      const [rows, cols] = [8, 10];
      const spins = randomSpins(rows * cols, 5, 0.55);
      const turned = Int8Array.from(
        spins,
        (_, k) => spins[(k % rows) * cols + Math.floor(k / rows)],
      );
      const turnedTrends = new Map([
        ['eta01', 'eta10'],
        ['eta10', 'eta01'],
        ['eta02', 'eta20'],
        ['eta20', 'eta02'],
      ]);
      const swap = (name: string) =>
        turnedTrends.get(name) ??
        (name.includes('rows') ? name.replace('rows', 'columns') : name.replace('columns', 'rows'));
      const before = measured(lattice(rows, cols, boundary), spins);
      const after = measured(lattice(cols, rows, boundary), turned);
      expect(after.size).toBe(before.size);
      for (const [name, value] of before)
        expect(after.get(swap(name)), name).toBeCloseTo(value, 12);
      // a control: the picture is not its own mirror image
      expect(after.get('rows-2')).not.toBeCloseTo(before.get('rows-2') ?? 0, 6);
    },
  );

  it('turns bright into dark with the spins, and changes nothing else', () => {
    const l = lattice(8, 10, 'periodic');
    const spins = randomSpins(80, 6, 0.6);
    const swap = (name: string) =>
      name.includes('bright') ? name.replace('bright', 'dark') : name.replace('dark', 'bright');
    const before = measured(l, spins);
    const after = measured(
      l,
      spins.map((spin) => -spin),
    );
    for (const [name, value] of before) {
      const sign = name.startsWith('eta') ? -1 : 1;
      expect(after.get(swap(name)), name).toBeCloseTo(sign * value, 12);
    }
    expect(after.get('clusters-bright')).not.toBe(before.get('clusters-bright'));
  });

  it('shifts nothing when a torus is shifted', () => {
    const l = lattice(8, 10, 'periodic');
    const spins = randomSpins(80, 7, 0.6);
    const moved = Int8Array.from(spins, (_, k) => {
      const [q, r] = [Math.floor(k / 10), k % 10];
      return spins[((q + 3) % 8) * 10 + ((r + 7) % 10)];
    });
    const before = measured(l, spins);
    // a trend is one of the picture, not of the torus
    for (const [name, value] of [...measured(l, moved)].filter(
      ([name]) => !/^eta(?!00)/.test(name),
    ))
      expect(before.get(name), name).toBeCloseTo(value, 12);
  });
});
