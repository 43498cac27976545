import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { decodePicture } from '../../electron/node/decode/decoders/decode.ts';
import { CheckpointWriter, readCheckpoint } from '../../electron/node/projects/checkpoint.ts';
import { packProject, unpackProject } from '../../electron/node/projects/project-zip.ts';
import type { ArraySpins } from '../../shared/data/arrays/array-spins.ts';
import { readNpy, writeNpy } from '../../shared/data/arrays/npy.ts';
import { readPbm } from '../../shared/data/arrays/pbm.ts';
import { readText, writeText } from '../../shared/data/arrays/text.ts';
import { inputFormat, isPicture, type PictureFormat } from '../../shared/data/image/format.ts';
import { toGrey } from '../../shared/data/image/grey.ts';
import { defaultPreparation } from '../../shared/data/image/options.ts';
import { PictureError } from '../../shared/data/image/picture-error.ts';
import { defaultFitOptions } from '../../shared/inference/options.ts';
import { Trace } from '../../shared/inference/trace.ts';
import { FitFileError, parseFitFile } from '../../shared/protocol/fit-file.ts';
import { ProjectError } from '../../shared/protocol/project-file.ts';
import { realState, states } from './states.ts';

/** A reader of files under attack. */
export interface Reader {
  /** Files that it reads. */
  readonly seeds: () => Promise<readonly Buffer[]>;
  /**
   * Reads; checks what it got by another way where there is one.
   *
   * @throws what it refuses with, or Error for a wrong answer
   */
  readonly read: (bytes: Buffer) => unknown;
  /** Whether an error is a refusal, one sentence for a person. */
  readonly refuses: (error: unknown) => boolean;
}

const pictureRefuses = (error: unknown) => error instanceof PictureError;
const same = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  a.length === b.length && Array.prototype.every.call(a, (value, k) => value === b[k]);

/** @param fixtures folder of `test/fixtures` @param scratch folder that may be written to */
export function readers(fixtures: string, scratch: string): Record<string, Reader> {
  const files = (pattern: RegExp) =>
    ['pngsuite', 'go', 'imaging'].flatMap((part) =>
      readdirSync(join(fixtures, 'conformance', part))
        .filter((name) => pattern.test(name) && !name.startsWith('invalid'))
        .map((name) => readFileSync(join(fixtures, 'conformance', part, name))),
    );
  const picture = (
    format: PictureFormat,
    pattern: RegExp,
    check = (_: Buffer, __: ArrayLike<number>) => {},
  ): Reader => ({
    seeds: async () => files(pattern).filter(({ length }) => length < 50_000),
    async read(bytes) {
      const found = inputFormat(bytes.subarray(0, 18), 'fuzz');
      if (found === null || !isPicture(found)) return;
      const { image } = await decodePicture(bytes, found);
      if (image.data.length !== image.width * image.height) throw new Error('Pixels are missing.');
      if (found === format) check(bytes, image.data);
    },
    refuses: pictureRefuses,
  });
  const array = (
    seeds: readonly Buffer[],
    read: (bytes: Buffer) => ArraySpins,
    write: (spins: ArraySpins) => Uint8Array | string,
    again: (bytes: Buffer) => ArraySpins,
  ): Reader => ({
    seeds: async () => seeds,
    read(bytes) {
      const spins = read(bytes);
      const copy = again(Buffer.from(write(spins) as string));
      if (
        spins.rows * spins.cols * spins.windows !== spins.spins.length ||
        !same(copy.spins, spins.spins) ||
        copy.rows !== spins.rows
      )
        throw new Error('What was read is not what is written again.');
      if (!spins.spins.every((spin) => spin === 1 || spin === -1)) throw new Error('No spins.');
    },
    refuses: pictureRefuses,
  });
  const spins = {
    rows: 3,
    cols: 4,
    windows: 2,
    spins: Int8Array.from({ length: 24 }, (_, k) => ((k * 7) % 5 < 2 ? 1 : -1)),
  };
  const fit = readFileSync(join(fixtures, 'fuzz', 'seed.fit.json'));
  const checkpoint = join(scratch, 'fuzz.fit.json');
  let written: { readonly theta: ArrayLike<number> } = { theta: [] };
  return {
    png: picture('png', /\.png$/, comparePng),
    jpeg: picture('jpeg', /\.jpe?g$/),
    gif: picture('gif', /\.gif$/),
    tiff: picture('tiff', /\.tiff$/),
    webp: picture('webp', /\.webp$/),
    bmp: picture('bmp', /\.bmp$/),
    npy: array(
      [
        Buffer.from(writeNpy(spins)),
        npyOf('<f8', '(2, 2)', Buffer.from(Float64Array.of(1, 0, 0, 1).buffer)),
        npyOf('>i2', '(1, 2)', Buffer.from([0, 1, 255, 255])),
      ],
      readNpy,
      writeNpy,
      readNpy,
    ),
    text: array(
      [
        Buffer.from(writeText(spins)),
        Buffer.from('0 1;1 0\r\n1,0,1,1\r\n'),
        Buffer.from('0\t255\n255\t0\n'),
      ],
      readText,
      writeText,
      readText,
    ),
    pbm: array(
      [
        Buffer.from('P1\n# c\n3 2\n1 0 1\n0 1 0\n'),
        Buffer.from('P4 9 2\n\xff\x80\x00\x00', 'latin1'),
      ],
      readPbm,
      writeNpy,
      readNpy,
    ),
    fit: {
      seeds: async () => [fit],
      read(bytes) {
        const file = parseFitFile(bytes.toString('utf8'), 'fuzz');
        if (file.format !== 'isinglass-fit' || file.version !== 1)
          throw new Error('Not a fit file.');
      },
      refuses: (error) => error instanceof FitFileError,
    },
    project: {
      seeds: async () => [
        await packProject(
          new Map([
            ['project.json', Buffer.from('{"a":[1,2,3]}')],
            ['sets/0.npy', Buffer.from(writeNpy(spins))],
          ]),
        ),
      ],
      async read(bytes) {
        const members = await unpackProject(bytes, 'fuzz');
        for (const name of members.keys()) {
          if (/\.\.|^[\\/]|\\/.test(name)) throw new Error(`A member is called ${name}.`);
        }
      },
      refuses: (error) => error instanceof ProjectError,
    },
    state: states(),
    checkpoint: {
      async seeds() {
        written = (await realState()) as typeof written;
        await new CheckpointWriter(checkpoint).write({
          data: { rows: 3, cols: 4, images: 2, spins: spins.spins },
          options: { ...defaultFitOptions, seed: 1 },
          inputs: {
            sources: [{ path: 'a.png', sha256: 'a'.repeat(64), windows: 2 }],
            preparation: { ...defaultPreparation },
            dataWarnings: [],
          },
          snapshot: written,
          trace: Trace.from(2, [1, 2, 3, 4, 5, 6, 7]),
          seconds: 1,
        });
        return [
          readFileSync(`${checkpoint}.checkpoint`),
          readFileSync(join(fixtures, 'formats/0.1.0/run.fit.json.checkpoint')),
        ];
      },
      async read(bytes) {
        writeFileSync(`${checkpoint}.checkpoint`, bytes);
        const { data, snapshot } = await readCheckpoint(checkpoint);
        // the older of the seeds has a fit in it that goes on for longer
        const { theta } = snapshot as typeof written;
        if (data.images === 2 && !(same(theta, written.theta) && same(data.spins, spins.spins)))
          throw new Error('What was read is not what was written.');
      },
      refuses: (error) => error instanceof ProjectError,
    },
  };
}

/** Where pngjs, which shares no code with ours, reads a PNG too, it must read the same. */
function comparePng(bytes: Buffer, grey: ArrayLike<number>): void {
  const deep = bytes[24] === 16;
  let other: PNG;
  try {
    other = PNG.sync.read(bytes, { skipRescale: deep });
  } catch {
    // it may be stricter
    return;
  }
  const { width, height } = other;
  const data = deep ? Uint16Array.from(other.data) : other.data;
  if (!same(toGrey({ width, height, channels: 4, data }).data, grey))
    throw new Error('Another decoder reads other pixels.');
}

function npyOf(type: string, shape: string, values: Buffer): Buffer {
  const header = `{'descr': '${type}', 'fortran_order': True, 'shape': ${shape}, }`.padEnd(117);
  return Buffer.concat([Buffer.from(`\x93NUMPY\x01\0\x76\0${header}\n`, 'latin1'), values]);
}
