import { writeNpy } from '../../data/arrays/npy.ts';
import { maxSpins } from '../../data/image/options.ts';
import type { Emit, Handlers } from '../../protocol/contract.ts';
import { ExplainedError } from '../../protocol/errors.ts';
import type { SyntheticOptions } from '../../protocol/synthetic.ts';
import type { DrawProgress, ProjectStore, Store, Workers } from '../ports.ts';
import type { DataSet } from './data-set.ts';
import { runJob } from './job.ts';

interface Needs {
  readonly data: DataSet;
  readonly workers: Workers;
  readonly store: Store;
  readonly emit: Emit;
  readonly identify: ProjectStore['identify'];
}

/** Most spins that are drawn again at once: a data set holds no more. */
const mostSpins = 4 * maxSpins;

/** The requests that draw synthetic sets, new ones and those that a file says how to draw. */
export function syntheticHandlers({
  data,
  workers,
  store,
  emit,
  identify,
}: Needs): Pick<Handlers['data'], 'synthetic' | 'redraw'> {
  const draw = async (options: SyntheticOptions, report: DrawProgress, signal: AbortSignal) => {
    const { data: spins, words, warnings } = await workers.sample(options, report, signal);
    const { rows, cols, J, seed } = options;
    // the field per site times n need not be a short number
    const h = Number(options.h.toPrecision(12));
    const name = `J ${J}, h ${h}, ${rows} × ${cols}, seed ${seed}.npy`;
    const path = await store.temporary(name, writeNpy({ ...spins, windows: spins.images }));
    const file = { path, name, origin: 'synthetic', synthetic: options };
    return { file, words, warnings };
  };
  return {
    synthetic: (options, signal) =>
      runJob(emit, 'sample', async (report) => {
        const { file, words, warnings } = await draw(options, report, signal);
        data.remove(
          data.all().map((picture) => picture.id),
          [file],
        );
        return { words, warnings };
      }),
    async redraw(_, signal) {
      const wanted = data
        .all()
        .flatMap(({ id, name, sha256, missing, synthetic }) =>
          missing && synthetic ? [{ id, name, sha256, synthetic }] : [],
        );
      const spins = wanted.reduce((sum, { synthetic: s }) => sum + s.rows * s.cols * s.count, 0);
      if (spins > mostSpins) {
        throw new ExplainedError(
          `The missing synthetic sets have more than the ${mostSpins} spins that one data set holds.`,
          'Remove some of them.',
        );
      }
      const otherwise: string[] = [];
      const warned: string[] = [];
      for (const { id, name, sha256, synthetic } of wanted) {
        const {
          file: { path, origin },
          warnings,
        } = await runJob(emit, 'sample', (report) => draw(synthetic, report, signal));
        const drawn = await identify(path);
        if (sha256 !== null && drawn?.sha256 !== sha256) otherwise.push(name);
        warned.push(...warnings.map((warning) => `${name}: ${warning}`));
        data.find(new Map([[id, { path, origin, sha256: drawn?.sha256 ?? null }]]));
      }
      return { drawn: wanted.length, otherwise, warnings: warned };
    },
  };
}
