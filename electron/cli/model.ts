import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ModelSpecification } from '../../shared/models/contract.ts';
import { type Offset, parseOffsets } from '../../shared/models/lattice/offsets.ts';
import { largestTrend } from '../../shared/models/lattice/trend.ts';
import { modelNames } from '../../shared/models/registry.ts';
import { whole } from './arguments.ts';
import { UsageError } from './exit.ts';

/** What says which model is meant. */
export interface ModelFlags {
  model: string;
  offsets?: Offset[][];
  trend?: number;
}

/** Adds `--model`, `--offsets` and `--trend`. */
export function addModelFlags(command: Command, description = 'what is fitted'): Command {
  return command
    .addOption(new Option('--model <name>', description).choices(modelNames).default('uniform'))
    .option(
      '--offsets <classes>',
      'pairs of the model neighbourhood, a coupling for each class: "(0,1)(1,0);(1,1)(1,-1)"',
      (text) => {
        const classes = parseOffsets(text);
        if (classes) return classes;
        throw new InvalidArgumentError(
          'It takes offsets of rows and columns, classes separated by ";": "(0,1)(1,0);(1,1)(1,-1)".',
        );
      },
    )
    .option(
      '--trend <degree>',
      'a field that varies smoothly, by polynomials of this total degree',
      whole(0, largestTrend),
    );
}

/** @throws UsageError if the model needs offsets and there are none, or takes none */
export function specificationOf({ model, offsets, trend }: ModelFlags): ModelSpecification {
  const specification: ModelSpecification = {
    name: model,
    ...(offsets && { offsets }),
    ...(trend !== undefined && { trend }),
  };
  if (model === 'neighbourhood' && !offsets) {
    throw new UsageError(
      '--model neighbourhood takes --offsets, such as "(0,1)(1,0);(1,1)(1,-1)".',
    );
  }
  if (model !== 'neighbourhood' && offsets) {
    throw new UsageError('--offsets belongs to --model neighbourhood.');
  }
  return specification;
}
