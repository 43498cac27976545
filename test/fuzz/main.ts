import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fileName, fuzz } from './fuzz.ts';
import { readers } from './readers.ts';

// npm run fuzz -- [--reader NAME] [--count N] [--seed S] [--out FOLDER for what was found]
const { values } = parseArgs({
  options: {
    reader: { type: 'string' },
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'fuzz-findings' },
  },
});
const out = resolve(values.out);
const scratch = mkdtempSync(join(tmpdir(), 'isinglass-fuzz-'));
const empty = join(scratch, 'empty');
mkdirSync(empty);
const all = readers(resolve('test/fixtures'), scratch);
const names = values.reader === undefined ? Object.keys(all) : [values.reader];
process.chdir(empty);
process.stdout.write('reader      inputs  taken  refused  kinds  slowest/ms  most/MiB  findings\n');
for (const name of names) {
  const reader = all[name];
  if (!reader) throw new Error(`There is no reader ${name}: ${Object.keys(all).join(', ')}.`);
  const report = await fuzz(reader, Number(values.count), Number(values.seed), empty);
  const { inputs, accepted, refused, kinds, slowest, mebibytes, findings } = report;
  const cells = [
    inputs,
    accepted,
    refused,
    kinds,
    slowest.toFixed(0),
    mebibytes.toFixed(0),
    findings.length,
  ];
  process.stdout.write(
    `${name.padEnd(11)} ${cells.map((cell) => String(cell).padStart(7)).join(' ')}\n`,
  );
  for (const { what, bytes } of findings) {
    mkdirSync(out, { recursive: true });
    const path = join(out, `${name}-${fileName(bytes)}`);
    writeFileSync(path, bytes);
    process.stdout.write(`  ${path}: ${what}\n`);
    process.exitCode = 1;
  }
}
rmSync(scratch, { recursive: true });
