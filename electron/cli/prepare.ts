import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { imageSpins } from '../../shared/data/dataset.ts';
import { findSources } from '../node/decode/sources.ts';
import { writeSpinsNpy, writeSpinsPng } from '../node/decode/spin-files.ts';
import { identitiesOf } from '../node/system/write-target.ts';
import { checkFile, configurations, keepResult, makeFolder } from './output.ts';
import { addPreparationFlags, loadSpins, type PreparationFlags } from './preparation.ts';
import { say } from './progress.ts';

interface PrepareFlags extends PreparationFlags {
  out: string;
  json?: boolean;
}

export function addPrepareCommand(parent: Command, cores: number): void {
  const command = parent
    .command('prepare')
    .description('run only the image pipeline and write the spins that a fit would see')
    .argument('<path...>', 'images, folders of images, or .npy, .csv, .txt, .pbm spin arrays');
  addPreparationFlags(command, cores)
    .option('--out <path>', 'a folder for PNG files, or a file NAME.npy', 'prepared')
    .option('--json', 'print what was prepared as JSON')
    .action(prepare);
}

async function prepare(paths: string[], flags: PrepareFlags): Promise<void> {
  const toArray = flags.out.endsWith('.npy');
  const inputs = await identitiesOf((await findSources(paths)).files);
  await (toArray ? checkFile(flags.out, inputs) : makeFolder(flags.out));
  const { data, sources, preparation, warnings } = await loadSpins(paths, flags);
  const { rows, cols, images } = data;
  const kept = await keepResult(flags.out, async (place) => {
    if (toArray) return writeSpinsNpy(place, { ...data, windows: images }, inputs);
    await mkdir(place, { recursive: true });
    let image = 0;
    for (const [k, { path, windows }] of sources.entries()) {
      const stem = `${String(k).padStart(String(sources.length - 1).length, '0')}-${basename(path)}`;
      for (let w = 0; w < windows; w++, image++) {
        const name = windows > 1 ? `${stem}.${w}.png` : `${stem}.png`;
        await writeSpinsPng(join(place, name), rows, cols, imageSpins(data, image), inputs);
      }
    }
  });
  for (const warning of warnings) say(`! ${warning}`);
  if (flags.json) {
    const up = data.spins.reduce((sum, spin) => sum + (spin > 0 ? 1 : 0), 0);
    const result = {
      format: 'isinglass-prepared',
      version: 1,
      rows,
      cols,
      images,
      shareUp: up / data.spins.length,
      sources,
      preparation,
      warnings,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  const made = `${configurations(images)} of ${rows} × ${cols}`;
  say(kept === null ? `${made} could not be kept anywhere.` : `${made} written to ${kept}.`);
}
