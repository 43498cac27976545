import { type Command, Option } from 'commander';
import type { Channel } from '../../shared/data/image/channel.ts';
import { defaultFrames, type Frames } from '../../shared/data/image/frames.ts';
import { defaultPreparation, type PreparationOptions } from '../../shared/data/image/options.ts';
import { isForeseen } from '../../shared/protocol/errors.ts';
import { DecodePool } from '../node/decode/decode-pool.ts';
import { type Loaded, load } from '../node/decode/load.ts';
import { findSources } from '../node/decode/sources.ts';
import * as take from './arguments.ts';
import { exitCode, UsageError } from './exit.ts';
import { ProgressLine, say } from './progress.ts';

/** Options that say how pictures become spins; `fit` and `prepare` share them. */
export interface PreparationFlags {
  rows?: number;
  cols?: number;
  size?: number;
  crop?: PreparationOptions['crop'];
  tile?: number;
  resample: PreparationOptions['resample'];
  threshold: PreparationOptions['threshold'];
  invert?: boolean;
  channel?: Channel;
  frames: Frames;
  keepGoing?: boolean;
  threads: number;
}

export function addPreparationFlags(command: Command, cores: number): Command {
  return command
    .option('--rows <n>', 'rows of the lattice', take.side)
    .option('--cols <n>', 'columns of the lattice', take.side)
    .option('--size <n>', 'rows and columns at once [own size up to 64, else 64]', take.side)
    .option('--crop <x,y,width,height>', 'part of each picture, in its own pixels', take.crop)
    .option('--tile <stride>', 'many windows of rows × cols pixels, STRIDE apart', take.whole(1))
    .addOption(
      new Option('--resample <how>', 'how pixels become sites')
        .choices(['area', 'nearest'])
        .default('area'),
    )
    .option(
      '--threshold <rule>',
      'otsu, median, mean, adaptive or a grey value 0 … 255',
      take.threshold,
      'otsu' as const,
    )
    .option('--invert', 'dark is +1')
    .option(
      '--channel <which>',
      'what grey is made of: a channel from 1, mean or luminance [luminance for colour, else 1]',
      take.channel,
    )
    .option(
      '--frames <which>',
      'pictures of files that hold several: all, first, or A:B:STEP from 1 on, B included',
      take.frames,
      defaultFrames,
    )
    .option('--keep-going', 'use the other inputs where one cannot be read')
    .option('--threads <n>', 'worker threads', take.whole(1, 256), cores);
}

/** Inputs as spins, with progress; failed ones are named on standard error. */
export async function loadSpins(paths: string[], flags: PreparationFlags): Promise<Loaded> {
  const { size } = flags;
  if (size !== undefined && (flags.rows !== undefined || flags.cols !== undefined)) {
    throw new UsageError('--size sets rows and columns: leave out --rows and --cols.');
  }
  const preparation: PreparationOptions = {
    ...defaultPreparation,
    crop: flags.crop ?? null,
    rows: flags.rows ?? size ?? null,
    cols: flags.cols ?? size ?? null,
    tile: flags.tile ?? null,
    resample: flags.resample,
    threshold: flags.threshold,
    invert: flags.invert ?? false,
    channel: flags.channel ?? null,
  };
  const { files } = await findSources(paths);
  const pool = new DecodePool(new URL('./decode-worker.js', import.meta.url), flags.threads);
  const line = new ProgressLine('Reading');
  try {
    const loaded = await load(files, {
      preparation,
      frames: flags.frames,
      pool,
      keepGoing: flags.keepGoing ?? false,
      onProgress: (done, total) => line.update(done, total),
    });
    line.end();
    for (const { reason } of loaded.failures) say(`Left out: ${reason}`);
    if (loaded.failures.length > 0) process.exitCode = exitCode.unreadable;
    return loaded;
  } catch (error) {
    // options that make no sense; a fault of the program is none of them
    if (!(error instanceof RangeError) || !isForeseen(error)) throw error;
    throw new UsageError(error.message);
  } finally {
    line.end();
    await pool.close();
  }
}
