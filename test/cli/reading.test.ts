import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

/*
 * A fit file of the bundled textures, read as an outsider would read it: nothing here comes from the program
 * but its command line. Means are counted from the spins as `prepare` writes them, and the model's averages
 * come from all 2¹⁶ configurations of a 4 × 4 lattice.
 */

const cli = fileURLToPath(new URL('../../dist/node/cli.js', import.meta.url));
const samples = fileURLToPath(new URL('../../electron/samples', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'isinglass-reading-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const isinglass = (line: string) =>
  execFileSync(process.execPath, [cli, ...line.split(' '), samples], {
    cwd: folder,
    stdio: 'pipe',
  });

const side = 4;
const n = side * side;
const bonds: [number, number][] = [];
for (let k = 0; k < n; k++) {
  if (k % side < side - 1) bonds.push([k, k + 1]);
  if (k < n - side) bonds.push([k, k + side]);
}
const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, next) => total + next, 0);
const bondSum = (s: ArrayLike<number>) => sum(bonds.map(([i, j]) => s[i] * s[j]));

describe('a fit file of the textures, read by an outsider', () => {
  isinglass('prepare --size 4 --tile 31 --threshold mean --out spins.npy');
  isinglass('fit --size 4 --tile 31 --threshold mean --method exact --seed 1 --out fit.fit.json');
  const file = JSON.parse(readFileSync(join(folder, 'fit.fit.json'), 'utf8'));
  const npy = readFileSync(join(folder, 'spins.npy'));
  const spins = new Int8Array(npy.subarray(10 + npy.readUInt16LE(8)));
  const images = spins.length / n;
  const all = Array.from({ length: images }, (_, i) => spins.subarray(i * n, (i + 1) * n));

  it('names its sources with the hashes of their bytes', () => {
    const sources: { path: string; sha256: string; windows: number }[] = file.data.sources;
    expect(sources).toHaveLength(3);
    expect(sum(sources.map(({ windows }) => windows))).toBe(images);
    for (const { path, sha256 } of sources) {
      const name = path.split('/').at(-1) ?? '';
      const bytes = readFileSync(join(samples, name));
      expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  it('holds the means of the spins that it fitted', () => {
    expect(file.data.images).toBe(images);
    expect(file.data.magnetization).toBeCloseTo(sum(spins) / spins.length, 12);
    expect(file.data.bondMean).toBeCloseTo(sum(all.map(bondSum)) / images / bonds.length, 12);
  });

  it('holds the parameters, errors and likelihood that enumeration gives', () => {
    const { J, h } = file.estimate;
    let z = 0;
    const first = [0, 0];
    const second = [0, 0, 0];
    for (let configuration = 0; configuration < 2 ** n; configuration++) {
      const s = Array.from({ length: n }, (_, k) => 2 * ((configuration >> k) & 1) - 1);
      const b = bondSum(s);
      const m = sum(s) / n;
      const weight = Math.exp(J * b + h * m);
      z += weight;
      [b, m].forEach((value, a) => {
        first[a] += weight * value;
      });
      [b * b, b * m, m * m].forEach((value, a) => {
        second[a] += weight * value;
      });
    }
    const [meanB, meanM] = first.map((value) => value / z);
    expect(meanB / bonds.length).toBeCloseTo(file.data.bondMean, 6);
    expect(meanM).toBeCloseTo(file.data.magnetization, 6);
    // F⁻¹ D F D F⁻¹/M with the model's covariance F of (B, m), since the windows are a sequence: D holds √(2τ)
    const f = second.map(
      (value, a) => value / z - [meanB * meanB, meanB * meanM, meanM * meanM][a],
    );
    const [dB, dM] = [
      file.data.effectiveImagesEach.bondMean,
      file.data.effectiveImagesEach.magnetization,
    ].map((effective) => Math.sqrt(images / effective));
    expect(Math.min(dB, dM)).toBeGreaterThan(1);
    const [bb, bm, mm] = f;
    const determinant = bb * mm - bm * bm;
    const inverse = [mm, -bm, -bm, bb].map((value) => value / determinant);
    const middle = [dB * dB * bb, dB * dM * bm, dB * dM * bm, dM * dM * mm];
    const product = (x: number[], y: number[]) => [
      x[0] * y[0] + x[1] * y[2],
      x[0] * y[1] + x[1] * y[3],
      x[2] * y[0] + x[3] * y[2],
      x[2] * y[1] + x[3] * y[3],
    ];
    const expected = product(product(inverse, middle), inverse);
    const found: number[] = file.covariance.flat();
    found.forEach((value, k) => {
      expect((value * images) / expected[k]).toBeCloseTo(1, 6);
    });
    expect(file.standardError.J).toBeCloseTo(Math.sqrt(file.covariance[0][0]), 12);
    const dataB = file.data.bondMean * bonds.length;
    expect(file.logLikelihoodPerImage).toBeCloseTo(
      J * dataB + h * file.data.magnetization - Math.log(z),
      6,
    );
  });
});
