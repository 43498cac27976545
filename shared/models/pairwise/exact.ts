import { walshHadamard } from '../../numerics/walsh-hadamard.ts';
import { UnsuitableError } from '../failures.ts';

/** Most variables of which all states are listed: 2^25 numbers are 256 MiB. */
const mostExactVariables = 25;

/**
 * A model of n variables summed over all its 2^n states. State b has s_i = −1 where its bit i is set, so that
 * Π_{i∈S} s_i = (−1)^|S ∩ b|: energies from parameters, and moments from probabilities, are Walsh–Hadamard transforms.
 */
export class ExactStates {
  /** Parameters, then energies, then probabilities, then moments: one after the other in the same memory. */
  private readonly values: Float64Array;

  /**
   * @param masks every parameter's set of variables
   * @throws UnsuitableError for more than 25 variables
   */
  constructor(
    variables: number,
    private readonly masks: Int32Array,
  ) {
    if (variables > mostExactVariables) {
      throw new UnsuitableError(
        `${variables} variables have 2^${variables} states, which would take ${2 ** (variables - 27)} GiB: the exact method takes up to ${mostExactVariables}.`,
      );
    }
    this.values = new Float64Array(2 ** variables);
  }

  /** p(s) of all states, and log Z. */
  probabilities(theta: ArrayLike<number>): { logZ: number; states: Float64Array } {
    const { values, masks } = this;
    values.fill(0);
    for (let a = 0; a < masks.length; a++) values[masks[a]] = theta[a];
    walshHadamard(values);
    let highest = Number.NEGATIVE_INFINITY;
    for (let b = 0; b < values.length; b++) if (values[b] > highest) highest = values[b];
    let sum = 0;
    for (let b = 0; b < values.length; b++) {
      const weight = Math.exp(values[b] - highest);
      values[b] = weight;
      sum += weight;
    }
    const scale = 1 / sum;
    for (let b = 0; b < values.length; b++) values[b] *= scale;
    return { logZ: highest + Math.log(sum), states: values };
  }

  /** ⟨Π_{i∈S} s_i⟩ of all sets S by their masks, and log Z. What is returned lasts until the next call. */
  moments(theta: ArrayLike<number>): { logZ: number; moments: Float64Array } {
    const { logZ, states } = this.probabilities(theta);
    walshHadamard(states);
    return { logZ, moments: states };
  }
}

/** Fisher information of one sample: Cov(χ_S, χ_T) = ⟨χ_{S xor T}⟩ − ⟨χ_S⟩⟨χ_T⟩, p × p. */
export function fisherOf(moments: Float64Array, masks: Int32Array): Float64Array {
  const p = masks.length;
  const fisher = new Float64Array(p * p);
  for (let a = 0; a < p; a++) {
    for (let c = 0; c <= a; c++) {
      const value = moments[masks[a] ^ masks[c]] - moments[masks[a]] * moments[masks[c]];
      fisher[a * p + c] = value;
      fisher[c * p + a] = value;
    }
  }
  return fisher;
}
