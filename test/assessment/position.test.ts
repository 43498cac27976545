import { describe, expect, it } from 'vitest';
import { criticalCoupling } from '../../shared/assessment/correlation-length.ts';
import { positionOf } from '../../shared/assessment/position.ts';

type Place = Parameters<typeof positionOf>[0];

const place = (changes: Partial<Place>) =>
  positionOf({
    couplings: [0.3],
    isNearest: true,
    error: 0.01,
    field: null,
    isRow: false,
    measuredLength: null,
    ...changes,
  });

describe('the position in the phase diagram', () => {
  it('knows of no transition in a single row, and of the row’s own correlation length', () => {
    const { sentence, infiniteLength, distance } = place({ couplings: [0.5], isRow: true });
    expect(sentence).toMatch(/^A single row has no phase transition/);
    expect(sentence).not.toMatch(/J_c/);
    // λ₁/λ₀ of the 2 × 2 transfer matrix
    const ratio = (Math.exp(0.5) - Math.exp(-0.5)) / (Math.exp(0.5) + Math.exp(-0.5));
    expect(infiniteLength).toBeCloseTo(-1 / Math.log(ratio), 12);
    expect(distance).toBeNull();
  });

  it('weighs two couplings by Onsager’s product and not by their mean', () => {
    // their mean is above J_c, their product below
    const disordered = place({ couplings: [1, 0.05], error: null }).sentence;
    expect(disordered).toMatch(/disordered side .* sinh 2\|Jx\| · sinh 2\|Jy\| is 0\.36/);
    const ordered = place({ couplings: [-1, 0.3], error: null }).sentence;
    expect(ordered).toMatch(/on the ordered side/);
    const alike = [criticalCoupling - 1e-3, criticalCoupling - 1e-3];
    expect(place({ couplings: alike, error: null }).sentence).toMatch(/disordered side/);
  });

  it('calls pictures critical only where J is known well enough for that', () => {
    expect(place({ couplings: [0.44], error: 0.01 }).sentence).toMatch(/pictures look critical/);
    const vague = place({ couplings: [0.9], error: 0.4 }).sentence;
    expect(vague).toBe('J is too uncertain to say on which side of J_c = 0.4407 it lies.');
  });

  it('does not promise a checkerboard beyond −J_c beside a field', () => {
    const field = { value: 2.5, error: 0.1 };
    const beside = place({ couplings: [-0.5], field }).sentence;
    expect(beside).toMatch(/a field moves the transition to stronger couplings\.$/);
    expect(place({ couplings: [-0.5] }).sentence).toMatch(
      /without a field and on an infinite lattice a checkerboard would prevail/,
    );
    expect(place({ field: { value: 0.1, error: 0.01 } }).sentence).toMatch(
      /^With a field there is/,
    );
  });

  it('gives a length to as many digits as are sure', () => {
    const drawn = (length: number, error: number) =>
      place({ measuredLength: { length, error } }).sentence;
    expect(drawn(6.413, 0.002)).toMatch(/fall off over about 6\.4 sites\.$/);
    expect(drawn(6.413, 0.8)).toMatch(/fall off over 6\.41 ± 0\.80 sites\.$/);
  });
});
