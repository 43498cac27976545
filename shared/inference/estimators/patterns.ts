import { imageSpins, type SpinData } from '../../data/dataset.ts';
import type { Model } from '../../models/contract.ts';
import { siteCount } from '../../models/lattice/lattice.ts';
import { neighbourLists } from '../../models/lattice/neighbour-lists.ts';
import {
  localFields,
  type Neighbourhood,
  neighbourhood,
  tableEntry,
} from '../../models/lattice/neighbourhood.ts';
import { type Separation, separation } from '../existence/separation.ts';

/**
 * What the pseudolikelihood has to know of the data: how often a spin was up, and down, beside each vector
 * c = ∂H/∂θ of local-field coefficients.
 */
export interface Patterns {
  readonly parameters: number;
  /** Calls with every vector that was seen: p values from `at` on, in an array that is overwritten. */
  visit(take: (coefficients: Float64Array, at: number, up: number, down: number) => void): void;
  /** (s_k − tanh H_k) c_k of every site of one image: n × p. */
  scores(spins: Int8Array, theta: Float64Array, out: Float64Array): void;
  /**
   * A direction dθ along which the pseudolikelihood never falls, exactly, in units of θ times the statistics' weights;
   * null where there is none; unknown where vectors are no whole numbers or too many.
   */
  separation(): Separation | 'unknown' | null;
}

/** The patterns of a model: counted in a table where its neighbourhoods fit into one, else site by site. */
export function patternsOf(model: Model, data: SpinData): Patterns {
  const around = neighbourhood(model);
  return around ? new CountedPatterns(model, around, data) : new SitePatterns(model, data);
}

class CountedPatterns implements Patterns {
  readonly parameters: number;
  private readonly up: Float64Array;
  private readonly down: Float64Array;
  private readonly padded: Int8Array;

  constructor(
    private readonly model: Model,
    private readonly around: Neighbourhood,
    data: SpinData,
  ) {
    const { neighbours, strides, groups, origin, entries } = around;
    this.parameters = model.statistics.length;
    this.up = new Float64Array(entries);
    this.down = new Float64Array(entries);
    const n = data.rows * data.cols;
    this.padded = new Int8Array(n + 1);
    const spins = this.padded;
    for (let i = 0; i < data.images; i++) {
      spins.set(imageSpins(data, i));
      for (let k = 0; k < n; k++) {
        const entry = tableEntry(spins, neighbours, strides, groups, origin, k);
        if (spins[k] > 0) this.up[entry]++;
        else this.down[entry]++;
      }
    }
  }

  visit(take: (coefficients: Float64Array, at: number, up: number, down: number) => void): void {
    const { up, down, parameters } = this;
    for (let e = 0; e < up.length; e++) {
      if (up[e] + down[e] > 0) take(this.around.coefficients, e * parameters, up[e], down[e]);
    }
  }

  scores(image: Int8Array, theta: Float64Array, out: Float64Array): void {
    const { around, padded, parameters: p } = this;
    const { coefficients, neighbours, strides, groups, origin } = around;
    const tanh = localFields(around, theta).map(Math.tanh);
    padded.set(image);
    for (let k = 0; k < image.length; k++) {
      const entry = tableEntry(padded, neighbours, strides, groups, origin, k);
      const residual = padded[k] - tanh[entry];
      for (let a = 0; a < p; a++) out[k * p + a] = residual * coefficients[entry * p + a];
    }
  }

  separation(): Separation | null {
    const { model, up, down, parameters: p } = this;
    const { coefficients } = this.around;
    const vectors: number[][] = [];
    for (let e = 0; e < up.length; e++) {
      const vector = model.statistics.map(({ weight }, a) =>
        Math.round(coefficients[e * p + a] / weight),
      );
      if (up[e] > 0) vectors.push(vector);
      if (down[e] > 0) vectors.push(vector.map((value) => -value));
    }
    return separation(vectors, p);
  }
}

class SitePatterns implements Patterns {
  readonly parameters: number;
  private readonly coefficients: Float64Array;
  /** What fields add to the coefficients, whatever the spins: n × p. */
  private readonly alone: Float64Array;
  private readonly lists;

  constructor(
    private readonly model: Model,
    private readonly data: SpinData,
  ) {
    const p = model.statistics.length;
    this.parameters = p;
    this.lists = neighbourLists(model);
    this.alone = new Float64Array(siteCount(model.lattice) * p);
    model.statistics.forEach(({ sites, siteWeights, weight }, a) => {
      for (let k = 0; k < sites.length; k++) {
        this.alone[sites[k] * p + a] += weight * (siteWeights?.[k] ?? 1);
      }
    });
    this.coefficients = new Float64Array(this.alone.length);
  }

  visit(take: (coefficients: Float64Array, at: number, up: number, down: number) => void): void {
    const { data, parameters: p, coefficients } = this;
    for (let i = 0; i < data.images; i++) {
      const spins = imageSpins(data, i);
      this.around(spins);
      for (let k = 0; k < spins.length; k++) {
        take(coefficients, k * p, spins[k] > 0 ? 1 : 0, spins[k] > 0 ? 0 : 1);
      }
    }
  }

  scores(spins: Int8Array, theta: Float64Array, out: Float64Array): void {
    const { coefficients, parameters: p } = this;
    this.around(spins);
    for (let k = 0; k < spins.length; k++) {
      let field = 0;
      for (let a = 0; a < p; a++) field += theta[a] * coefficients[k * p + a];
      const residual = spins[k] - Math.tanh(field);
      for (let a = 0; a < p; a++) out[k * p + a] = residual * coefficients[k * p + a];
    }
  }

  separation(): 'unknown' {
    return 'unknown';
  }

  /** c_k of every site beside the given spins. */
  private around(spins: Int8Array): void {
    const { alone, coefficients, model, parameters: p } = this;
    const { starts, neighbours, statistics } = this.lists;
    coefficients.set(alone);
    for (let site = 0; site < spins.length; site++) {
      for (let k = starts[site]; k < starts[site + 1]; k++) {
        const a = statistics[k];
        coefficients[site * p + a] += model.statistics[a].weight * spins[neighbours[k]];
      }
    }
  }
}
