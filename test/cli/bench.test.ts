import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kaufman } from '../../shared/models/lattice/exact/kaufman.ts';
import { benchFileSchema } from '../../shared/protocol/bench-file.ts';

const cli = join(import.meta.dirname, '../../dist/node/cli.js');

function bench(...args: string[]) {
  return spawnSync(process.execPath, [cli, 'bench', ...args], { encoding: 'utf8' });
}

describe('isinglass bench', () => {
  it('prints a benchmark file of one kernel on all sizes and edges', () => {
    const { status, stdout } = bench(
      ...['--json', '--seconds', '0.05', '--only', 'reference-heat-bath'],
    );
    expect(status).toBe(0);
    const { results, engine, parameters } = benchFileSchema.parse(JSON.parse(stdout));
    expect(engine).toEqual([]);
    expect(results.map(({ rows, boundary }) => `${rows} ${boundary}`)).toEqual(
      [8, 16, 64, 128, 1024].flatMap((side) => [`${side} free`, `${side} periodic`]),
    );
    const [, small] = results;
    expect(small.effectivePerSecond?.B).toBeCloseTo(
      (1e9 * small.updatesPerNs) / 64 / (2 * (small.autocorrelationTime?.B ?? 0)),
      3,
    );
    expect(parameters.J).toBe(0.3);
  });

  it('measures cluster updates near the critical coupling', () => {
    const { stdout } = bench('--json', '--seconds', '0.2', '--only', 'wolff-wasm');
    const { results } = benchFileSchema.parse(JSON.parse(stdout));
    expect(results.map(({ rows, J, hPerSite }) => [rows, J, hPerSite])).toEqual([
      [32, 0.43, 0],
      [128, 0.43, 0],
    ]);
    for (const { rows, nsPerSite, updatesPerNs, bondMean, effectivePerSecond } of results) {
      expect(nsPerSite * updatesPerNs).toBeCloseTo(1, 12);
      // some ten times the spread of so short a run
      const exact = kaufman(rows, rows, 0.43).meanB / (2 * rows * rows);
      expect(Math.abs(bondMean - exact)).toBeLessThan(0.03);
      // so short a series of the larger one may tell nothing on a busy machine
      if (rows === 32) expect(effectivePerSecond?.m).toBeGreaterThan(0);
    }
  });

  it('says which names --only takes', () => {
    const { status, stderr } = bench('--only', 'abacus');
    expect(status).toBe(2);
    expect(stderr).toContain('reference-heat-bath');
  });
});
