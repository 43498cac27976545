import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, parameterNames } from '../../shared/models/contract.ts';
import { UnsuitableError } from '../../shared/models/failures.ts';
import { enumeration } from '../../shared/models/lattice/exact/enumeration.ts';
import { type Boundary, lattice } from '../../shared/models/lattice/lattice.ts';
import { nearestNeighbours } from '../../shared/models/lattice/nearest-neighbours.ts';
import { type Offset, parseOffsets } from '../../shared/models/lattice/offsets.ts';
import { makeModel, modelKinds, parametersOf } from '../../shared/models/registry.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import { everyState, legendre, pairs, summed } from './summed.ts';

const shapes = [
  [3, 3],
  [4, 4],
  [3, 5],
] as const;

describe.each(shapes)('on %i × %i', (rows, cols) => {
  const offsets: Offset[] = [
    [0, 1],
    [1, 0],
    [1, 1],
    [1, -1],
    [0, 2],
    [2, 1],
  ];

  it('neighbourhood has the pairs, log Z and moments of its definition', () => {
    const runs = rows * cols > 12 ? 4 : 20;
    fc.assert(
      fc.property(
        fc.constantFrom<Boundary>('free', 'periodic'),
        fc.shuffledSubarray(offsets, { minLength: 2, maxLength: 4 }),
        fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (edges, [first, ...others], theta) => {
          const l = lattice(rows, cols, edges);
          let model: ReturnType<typeof makeModel>;
          try {
            model = makeModel({ name: 'neighbourhood', offsets: [[first], others] }, l);
          } catch (error) {
            // the same pairs twice, on a small torus
            expect(error).toBeInstanceOf(UnsuitableError);
            expect(edges).toBe('periodic');
            return;
          }
          const n = rows * cols;
          const lists = [[first], others].map((each) =>
            each.flatMap((offset) => pairs(rows, cols, edges, offset)),
          );
          expect(model.statistics.map(({ extent }) => extent)).toEqual([
            ...lists.map((list) => list.length),
            1,
          ]);
          const values = (spins: readonly number[]) => [
            ...lists.map((list) => list.reduce((sum, [i, j]) => sum + spins[i] * spins[j], 0)),
            spins.reduce((sum, spin) => sum + spin, 0) / n,
          ];
          const spins = Array.from({ length: n }, (_, k) => (Math.sin(k * k) > 0 ? 1 : -1));
          evaluate(model, spins).forEach((value, a) => {
            expect(value).toBeCloseTo(values(spins)[a], 10);
          });
          const exact = finish(enumeration(model).evaluate(theta));
          const truth = summed(everyState(values, n), theta);
          expect(exact.logZ).toBeCloseTo(truth.logZ, 8);
          truth.mean.forEach((value, a) => {
            expect(exact.mean[a]).toBeCloseTo(value, 8);
          });
        },
      ),
      { numRuns: runs, seed: 4 },
    );
  });

  it('trend has the field of its definition', () => {
    const degree = 2;
    const l = lattice(rows, cols, 'free');
    const model = makeModel({ name: 'uniform', trend: degree }, l);
    expect(parameterNames(model)).toEqual([
      'J',
      ...['eta00', 'eta10', 'eta01', 'eta20', 'eta11', 'eta02'],
    ]);
    const spins = Array.from({ length: rows * cols }, (_, k) => (Math.cos(k * k) > 0 ? 1 : -1));
    evaluate(model, spins).forEach((value, a) => {
      if (a === 0) return;
      const [i, j] = parameterNames(model)[a].slice(3).split('').map(Number);
      const sum = spins.reduce((total, spin, k) => {
        const y = (2 * Math.floor(k / cols)) / (rows - 1) - 1;
        const x = (2 * (k % cols)) / (cols - 1) - 1;
        return total + spin * legendre[i](y) * legendre[j](x);
      }, 0);
      expect(value).toBeCloseTo(sum, 10);
    });
  });
});

describe('specifications', () => {
  it('that make no model are refused', () => {
    const l = lattice(4, 4, 'periodic');
    for (const specification of [
      { name: 'nobody' },
      { name: 'constructor' },
      { name: 'neighbourhood' },
      { name: 'uniform', offsets: [[[0, 1]]] as Offset[][] },
      { name: 'neighbourhood', offsets: [[[0, 4]]] as Offset[][] },
      { name: 'neighbourhood', offsets: [[[0, 1]], [[0, -3]]] as Offset[][] },
      { name: 'uniform', trend: 5 },
      { name: 'uniform', trend: 4 },
      { name: 'uniform', trend: 0.5 },
    ]) {
      expect(() => makeModel(specification, l), JSON.stringify(specification)).toThrow(
        UnsuitableError,
      );
    }
  });

  it('of a class of nearest neighbours are nearest-neighbour models, of others not', () => {
    const l = lattice(5, 5, 'free');
    const one = makeModel(
      {
        name: 'neighbourhood',
        offsets: [
          [
            [0, 1],
            [-1, 0],
          ],
        ],
      },
      l,
    );
    expect(nearestNeighbours(one)).toEqual({ along: 0, across: 0, field: 1 });
    for (const offsets of ['(0,1)', '(0,1)(1,1)', '(0,1);(1,0);(1,1)', '(0,1)(0,2);(1,0)']) {
      const model = makeModel({ name: 'neighbourhood', offsets: parseOffsets(offsets) ?? [] }, l);
      expect(nearestNeighbours(model), offsets).toBeNull();
    }
    expect(nearestNeighbours(makeModel({ name: 'uniform', trend: 1 }, l))).toBeNull();
  });

  it('tell their parameters without a lattice', () => {
    for (const name of Object.keys(modelKinds)) {
      const specification = {
        name,
        ...(name === 'neighbourhood' && { offsets: parseOffsets('(0,1)(1,0);(1,1)') ?? [] }),
      };
      for (const each of [specification, { ...specification, trend: 1 }]) {
        const model = makeModel(each, lattice(6, 6, 'free'));
        expect(parametersOf(each).map((parameter) => parameter.name)).toEqual(
          parameterNames(model),
        );
      }
    }
  });

  it('take a further model from a registry with one more line', () => {
    const kinds = {
      ...modelKinds,
      diagonal: {
        couplings: () => [
          {
            parameter: 'Jd',
            offsets: [
              [1, 1],
              [1, -1],
            ] as Offset[],
          },
        ],
        hasField: true,
      },
    };
    const model = makeModel({ name: 'diagonal' }, lattice(3, 3, 'free'), kinds);
    expect(parameterNames(model)).toEqual(['Jd', 'h']);
    expect(model.statistics[0].extent).toBe(8);
  });

  it.each([
    [
      '(0,1)(1,0);(1,1)(1,-1)',
      [
        [
          [0, 1],
          [1, 0],
        ],
        [
          [1, 1],
          [1, -1],
        ],
      ],
    ],
    [
      ' (0, 1) , (1,0) ',
      [
        [
          [0, 1],
          [1, 0],
        ],
      ],
    ],
    ['(0,1)(1,0', null],
    ['0,1;1,0', null],
    ['', null],
  ])('are read from text: %s', (text, classes) => {
    expect(parseOffsets(text)).toEqual(classes);
  });
});
