import { columnsFactory } from '../../electron/node/threads/columns.ts';
import { samplerFactory } from '../../electron/node/threads/samplers.ts';
import type { SpinData } from '../../shared/data/dataset.ts';
import { standardErrors } from '../../shared/inference/estimate.ts';
import { exact } from '../../shared/inference/estimators/exact.ts';
import { mle } from '../../shared/inference/estimators/mle.ts';
import { existence } from '../../shared/inference/existence/existence.ts';
import { defaultFitOptions } from '../../shared/inference/options.ts';
import type { Estimator } from '../../shared/inference/run.ts';
import { pose } from '../../shared/inference/start.ts';
import { sequenceErrors } from '../../shared/inference/uncertainty/effective-images.ts';
import type { Ends } from '../../shared/inference/uncertainty/intervals.ts';
import { profileIntervals } from '../../shared/inference/uncertainty/profile.ts';
import { type Boundary, lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';
import { sfc32, uniform } from '../../shared/numerics/random.ts';
import { invert } from '../../shared/numerics/symmetric.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import type { Sampler } from '../../shared/sampling/sampler.ts';

/** Where data sets are drawn and fitted. */
interface Corner {
  readonly estimator: Estimator;
  readonly side: number;
  readonly boundary: Boundary;
  readonly J: number;
  readonly hPerSite: number;
  readonly images: number;
  /** Sweeps between two images of a set, which are then a sequence; null for independent ones. */
  readonly apart: number | null;
}

const corner = (
  estimator: Estimator,
  side: number,
  boundary: Boundary,
  [J, hPerSite]: readonly [number, number],
  images: number,
  apart: number | null = null,
): Corner => ({ estimator, side, boundary, J, hPerSite, images, apart });

const corners: readonly Corner[] = [
  corner(exact, 8, 'free', [-0.4, 0], 50),
  corner(exact, 8, 'free', [0, 0.05], 50),
  corner(exact, 8, 'free', [0.3, 0.05], 5),
  corner(exact, 8, 'free', [0.3, 0.05], 50),
  corner(exact, 8, 'free', [0.3, 0.05], 500),
  corner(exact, 8, 'free', [0.44, 0], 50),
  corner(exact, 8, 'free', [0.55, 0], 50),
  corner(exact, 8, 'free', [0.1, 0.8], 50),
  corner(exact, 6, 'periodic', [-0.3, 0.1], 50),
  corner(exact, 6, 'periodic', [0.42, 0], 50),
  corner(mle, 8, 'free', [0.3, 0.05], 50),
  corner(exact, 8, 'periodic', [0.42, 0], 50),
  corner(mle, 8, 'periodic', [0.42, 0], 50),
  corner(exact, 6, 'free', [0.35, 0.02], 40, 1),
  corner(exact, 6, 'free', [0.35, 0.02], 60, 1),
  corner(exact, 6, 'free', [0.35, 0.02], 60, 3),
  corner(exact, 6, 'free', [0.35, 0.02], 200, 1),
  corner(exact, 6, 'free', [0.35, 0.02], 1000, 1),
];

const chains = 64;
/** Sweeps between two images of one chain: many autocorrelation times on these lattices. */
const sweepsBetween = 150;

/** Data sets of m independent images; without field each with either sign, so that both phases occur. */
function* independent(sampler: Sampler, { images, hPerSite }: Corner, seed: number) {
  const generator = sfc32(seed, 7);
  const n = siteCount(sampler.model.lattice);
  let chain = sampler.chains;
  for (;;) {
    const set = new Int8Array(images * n);
    for (let i = 0; i < images; i++, chain++) {
      if (chain === sampler.chains) {
        sampler.run(sweepsBetween, sweepsBetween);
        chain = 0;
      }
      const spins = sampler.spins(chain);
      const turned = hPerSite === 0 && uniform(generator) < 0.5;
      set.set(turned ? spins.map((spin) => -spin) : spins, i * n);
    }
    yield set;
  }
}

/** Data sets of m images of one chain each, some sweeps apart. */
function* sequences(sampler: Sampler, images: number, apart: number) {
  const n = siteCount(sampler.model.lattice);
  for (;;) {
    const sets = Array.from({ length: sampler.chains }, () => new Int8Array(images * n));
    for (let i = 0; i < images; i++) {
      sampler.run(apart, apart);
      sets.forEach((set, chain) => {
        set.set(sampler.spins(chain), i * n);
      });
    }
    yield* sets;
    sampler.run(sweepsBetween, sweepsBetween);
  }
}

/** One row of the table: parts of the sets whose intervals hold the truth, and the efficiency. */
function study(what: Corner, sets: number): string {
  const { estimator, side, boundary, images: m } = what;
  const entries = new URL('./', import.meta.url);
  const [samplers, columns] = [samplerFactory(entries, 1), columnsFactory(entries)];
  const l = lattice(side, side, boundary);
  const model = uniformModel(l);
  const truth = Float64Array.of(what.J, what.hPerSite * siteCount(l));
  const sampler = samplers(model, chains, 11);
  sampler.setParameters(truth);
  sampler.run(2000, 2000);
  const source =
    what.apart === null ? independent(sampler, what, 5) : sequences(sampler, m, what.apart);
  const inside = { standard68: [0, 0], standard95: [0, 0], sandwich68: [0, 0], sandwich95: [0, 0] };
  const none = () => [0, 1].map(() => ({ below: 0, above: 0 }));
  const missed = { standard: none(), reported: none() };
  let profiled = 0;
  const sum = [0, 0];
  const square = [0, 0];
  let found = 0;
  let bound = new Float64Array(4);
  for (let set = 0; set < sets; set++) {
    const spins = source.next().value;
    if (!spins) throw new Error('There are no more data sets.');
    const data: SpinData = { rows: side, cols: side, images: m, spins };
    const options = { ...defaultFitOptions, boundary, method: 'auto' as const, seed: set };
    const problem = pose(data, options, columns);
    if (set === 0) {
      if (!problem.exact) throw new Error('Every corner has an exact method.');
      const { covariance } = finish(problem.exact.evaluate(truth));
      bound = invert(covariance).map((value) => value / m);
    }
    if (existence(model, problem.observed).exists === false) continue;
    const run = estimator.start(problem, options, samplers);
    while (!run.advance());
    const estimate = run.estimate();
    const { parameters } = estimate;
    const { covariance, sandwich } = sequenceErrors(problem, estimate);
    const likelihood = run.likelihood();
    const profile =
      likelihood && covariance && what.apart === null
        ? finish(profileIntervals(problem, { parameters, covariance }, likelihood, m, ['J', 'h']))
        : null;
    run.close();
    if (!covariance || !sandwich) continue;
    found++;
    if (profile) profiled++;
    const errors = { standard: standardErrors(covariance), sandwich: standardErrors(sandwich) };
    for (let a = 0; a < 2; a++) {
      const off = parameters[a] - truth[a];
      const wald: Ends = [-1, 1].map(
        (end) => parameters[a] + end * 1.95996 * errors.standard[a],
      ) as [number, number];
      for (const [kind, [low, high]] of [
        ['standard', wald],
        ['reported', profile?.interval95[a] ?? wald],
      ] as const) {
        if (truth[a] < low) missed[kind][a].below++;
        if (truth[a] > high) missed[kind][a].above++;
      }
      sum[a] += off;
      square[a] += off ** 2;
      for (const kind of ['standard', 'sandwich'] as const) {
        if (Math.abs(off) < 0.99446 * errors[kind][a]) inside[`${kind}68`][a]++;
        if (Math.abs(off) < 1.95996 * errors[kind][a]) inside[`${kind}95`][a]++;
      }
    }
  }
  sampler.close();
  const percent = (counts: readonly number[]) =>
    counts.map((count) => ((100 * count) / found).toFixed(1)).join(', ');
  const tails = (counts: readonly { below: number; above: number }[]) =>
    counts
      .map((count) =>
        [count.below, count.above].map((number) => ((100 * number) / found).toFixed(1)).join('/'),
      )
      .join(', ');
  const efficiency = [0, 1].map((a) =>
    ((square[a] / found - (sum[a] / found) ** 2) / bound[3 * a]).toFixed(2),
  );
  return `| ${[
    estimator.name,
    `${side} × ${side} ${boundary}`,
    `${what.J}, ${what.hPerSite}`,
    what.apart === null ? m : `${m}, ${what.apart} apart`,
    found,
    percent(inside.standard68),
    percent(inside.standard95),
    percent(inside.sandwich68),
    percent(inside.sandwich95),
    efficiency.join(', '),
    tails(missed.standard),
    ((100 * profiled) / found).toFixed(0),
    tails(missed.reported),
  ].join(' | ')} |`;
}

const sets = Number(process.argv[2] ?? 1000);
const only = process.argv[3];
process.stdout.write(
  '| method | lattice | J, h/n | M | sets | 68 % | 95 % | sandwich 68 % | sandwich 95 % | variance / bound | missed below/above | profiled, % | then missed |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n',
);
for (const [number, what] of corners.entries()) {
  if (only === undefined || Number(only) === number) process.stdout.write(`${study(what, sets)}\n`);
}
