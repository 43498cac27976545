import { expect, it } from 'vitest';
import { standardErrors } from '../../shared/inference/estimate.ts';
import { pseudolikelihood } from '../../shared/inference/estimators/pseudolikelihood.ts';
import { sfc32, uniform } from '../../shared/numerics/random.ts';
import { fitOptions, runFit } from './synthetic.ts';

const side = 32;
const images = 40;
const offsets = [[[1, 0]], [[0, 1]], [[4, 4]]] as const;

/**
 * Images of the model with free edges by a heat-bath of its own: one site after the other at random, its field summed
 * from the offsets. It shares nothing with the program but random words.
 */
function drawn(couplings: readonly number[], seed: number): Int8Array {
  const words = sfc32(seed, 0);
  const spins = new Int8Array(images * side * side);
  const at = (image: number, row: number, col: number) =>
    row < 0 || row >= side || col < 0 || col >= side ? 0 : spins[(image * side + row) * side + col];
  for (let k = 0; k < spins.length; k++) spins[k] = uniform(words) < 0.5 ? -1 : 1;
  for (let update = 0; update < 400 * spins.length; update++) {
    const k = Math.floor(uniform(words) * spins.length);
    const image = Math.floor(k / side ** 2);
    const [row, col] = [Math.floor(k / side) % side, k % side];
    let field = 0;
    offsets.forEach(([[down, right]], c) => {
      field += couplings[c] * at(image, row + down, col + right);
      field += couplings[c] * at(image, row - down, col - right);
    });
    spins[k] = uniform(words) < 1 / (1 + Math.exp(-2 * field)) ? 1 : -1;
  }
  return spins;
}

it('the pseudolikelihood finds couplings of pairs that lie far apart', () => {
  const truth = [0.5, 0.5, -0.1];
  const data = { rows: side, cols: side, images, spins: drawn(truth, 8) };
  const model = {
    name: 'neighbourhood',
    offsets: offsets.map((each) => each.map(([row, col]): [number, number] => [row, col])),
  };
  const run = runFit(
    pseudolikelihood,
    data,
    fitOptions({ model, boundary: 'free', method: 'pseudolikelihood' }),
  );
  const { parameters, covariance, sandwich } = run.estimate();
  for (const matrix of [covariance, sandwich]) {
    const errors = standardErrors(matrix ?? new Float64Array());
    const off = (wanted: readonly number[]) =>
      Math.max(...wanted.map((value, a) => Math.abs(parameters[a] - value) / errors[a]));
    expect(errors).toHaveLength(4);
    expect(off([...truth, 0])).toBeLessThan(4);
    // a control that must fail: as if distant pairs did not feel each other
    expect(off([0.5, 0.5, 0, 0])).toBeGreaterThan(4);
  }
});
