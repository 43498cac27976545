import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { sfc32, uniform } from '../../shared/numerics/random.ts';
import { parseFitFile } from '../../shared/protocol/fit-file.ts';

const cli = join(import.meta.dirname, '../../dist/node/cli.js');
const textures = join(import.meta.dirname, '../../electron/samples');
const folder = mkdtempSync(join(tmpdir(), 'isinglass-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function isinglass(...args: string[]) {
  return spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' });
}

function begin(...args: string[]): ChildProcess {
  return spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: 'ignore' });
}

async function until(condition: () => boolean): Promise<void> {
  for (let k = 0; k < 400 && !condition(); k++) await setTimeout(25);
  expect(condition()).toBe(true);
}

function readFit(name: string) {
  return parseFitFile(readFileSync(join(folder, name), 'utf8'), name);
}

/** Everything of a fit that does not depend on when and how fast it was made. */
function results(name: string) {
  const { created: _, seconds: __, ...rest } = readFit(name);
  return rest;
}

describe('isinglass', () => {
  it('brings back the parameters that its own sample was drawn at', () => {
    const drawn = isinglass(
      ...'sample --rows 16 --cols 16 --J 0.35 --h-per-site 0.08 --count 200 --seed 5 --out s.npy'.split(
        ' ',
      ),
    );
    expect(drawn.status).toBe(0);
    const fit = isinglass('fit', 's.npy', '--seed', '1', '--json');
    expect(fit.status).toBe(0);
    const { estimate, standardError, method, exists } = parseFitFile(fit.stdout, 'the output');
    expect(method).toBe('exact');
    expect(exists).toBe(true);
    const deviation = (name: string, truth: number) =>
      Math.abs(Number(estimate[name]) - truth) / Number(standardError?.[name]);
    expect(deviation('J', 0.35)).toBeLessThan(3.5);
    expect(deviation('hPerSite', 0.08)).toBeLessThan(3.5);
    const { bootstrap, profile } = parseFitFile(fit.stdout, 'the output');
    expect(bootstrap).toMatchObject({ unit: 'images', block: [1], replicates: 1000 });
    expect(Number(bootstrap?.error.J) / Number(standardError?.J)).toBeCloseTo(1, 0);
    expect(profile).toBeUndefined();
  });

  it('fits the bundled textures from picture to fit file, the same from the same seed', () => {
    const args = ['fit', textures, '--size', '32', '--seed', '3'];
    expect(isinglass(...args, '--out', 'a.fit.json').status).toBe(0);
    expect(isinglass(...args, '--out', 'b.fit.json', '--threads', '1').status).toBe(0);
    const [a, b] = [readFit('a.fit.json'), readFit('b.fit.json')];
    expect(a.estimate).toEqual(b.estimate);
    expect(a.data.images).toBe(3);
    expect(a.data.sources.map(({ sha256 }) => sha256.length)).toEqual([64, 64, 64]);
  });

  it('gives pictures without an estimate an answer by a prior, and says so', () => {
    writeFileSync(join(folder, 'bright.txt'), '1 1 1\n1 1 1\n1 1 1\n');
    const none = isinglass('fit', 'bright.txt');
    expect(none.status).toBe(4);
    expect(none.stdout).toContain('a weak Gaussian prior of width 1');
    const fit = isinglass('fit', 'bright.txt', '--prior', '1,0.5', '--seed', '1');
    expect(fit.status).toBe(0);
    expect(fit.stdout).toContain('Gaussian about 0 of width 1 on J, 0.5 on h/n');
    expect(fit.stdout).toContain('profile likelihood');
    const { exists, prior, estimate, warnings, profile } = readFit('bright.fit.json');
    expect(Number(profile?.interval95.J[1])).toBeGreaterThan(Number(estimate.J));
    expect(exists).toBe(true);
    expect(prior).toEqual({ J: 1, hPerSite: 0.5 });
    expect(Number(estimate.J)).toBeGreaterThan(0);
    expect(warnings.join()).toMatch(/Only the prior .* All pixels are bright/);
    const wrong = isinglass('fit', 'bright.txt', '--prior', '1,2,3');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('--prior takes one number, or 2');
  });

  it('checks a fit, or leaves that out, as it is asked', () => {
    const generator = sfc32(5);
    const row = () =>
      Array.from({ length: 6 }, () => (uniform(generator) < 0.6 ? 1 : -1)).join(' ');
    const one = () => Array.from({ length: 6 }, row).join('\n');
    writeFileSync(join(folder, 'noise.txt'), `${Array.from({ length: 12 }, one).join('\n\n')}\n`);
    const args = ['fit', 'noise.txt', '--seed', '1'];
    const without = isinglass(...args, '--no-check', '--out', 'n.fit.json');
    expect([without.status, readFit('n.fit.json').check]).toEqual([0, undefined]);
    expect(without.stdout).not.toContain('bits per pixel');
    const checked = isinglass(...args, '--check', '--out', 'c.fit.json');
    expect(checked.status).toBe(0);
    expect(checked.stdout).toMatch(/bits per pixel [\d.]+, independent pixels [\d.]+, AIC [\d.]+,/);
    expect(checked.stdout).toMatch(/log Z by transfer matrix, 6 rows of 2\^6 states/);
    const { check, estimate } = readFit('c.fit.json');
    expect(estimate).toEqual(readFit('n.fit.json').estimate);
    // independent pixels are what the model draws at J = 0
    expect(check?.overallP).toBeGreaterThan(0.01);
    expect(check?.evidence.bitsPerPixel).toBeCloseTo(
      check?.evidence.independentBitsPerPixel ?? 0,
      1,
    );
  });

  it('writes the spins that a fit would see', () => {
    expect(isinglass('prepare', textures, '--size', '16', '--out', 'spins').status).toBe(0);
    expect(readdirSync(join(folder, 'spins'))).toHaveLength(3);
    const again = isinglass('fit', 'spins', '--seed', '1', '--json');
    const direct = isinglass('fit', textures, '--size', '16', '--seed', '1', '--json');
    expect(JSON.parse(again.stdout).estimate).toEqual(JSON.parse(direct.stdout).estimate);
  });

  it('answers exact questions in JSON', () => {
    const { status, stdout } = isinglass(
      ...'exact --rows 4 --cols 4 --J 0.3 --h 1.6 --json'.split(' '),
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout).logZ).toBeCloseTo(12.46929434300457, 10);
  });

  it('is exact for two couplings too: rows without bonds between them are chains', () => {
    const { status, stdout } = isinglass(
      ...'exact --rows 4 --cols 4 --model anisotropic --Jx 0.3 --Jy 0 --json'.split(' '),
    );
    expect(status).toBe(0);
    const { logZ, meanBx, meanBy, covBxBy } = JSON.parse(stdout);
    expect(logZ).toBeCloseTo(16 * Math.LN2 + 12 * Math.log(Math.cosh(0.3)), 10);
    expect([meanBx, meanBy, covBxBy].map((value) => Math.abs(value))).toEqual([
      expect.closeTo(12 * Math.tanh(0.3), 10),
      expect.closeTo(0, 10),
      expect.closeTo(0, 10),
    ]);
    for (const wrong of [
      '--J 0.3 --Jx 0.2',
      '--model anisotropic --Jx 0.2',
      '--model anisotropic --Jx -586.7376909836612 --Jy -0.149518 --h 75199.98 --rows 8 --cols 8',
    ]) {
      expect(isinglass(...`exact --rows 4 --cols 4 ${wrong}`.split(' ')).status).toBe(2);
    }
  });

  it('keeps a converged fit whose bootstrap has replicates without an estimate', () => {
    isinglass(
      ...'sample --rows 8 --cols 8 --J 0.2 --h-per-site 0.8 --count 8 --seed 3 --out d.npy'.split(
        ' ',
      ),
    );
    const { status } = isinglass(...'fit d.npy --model anisotropic --seed 1 --no-check'.split(' '));
    expect([status, readFit('d.fit.json').converged]).toEqual([0, true]);
  });

  it('is exact on a torus of any size without field: Kaufman', () => {
    const { stdout } = isinglass(
      ...'exact --rows 4 --cols 4 --J 0.44 --boundary periodic --model zero-field --json'.split(
        ' ',
      ),
    );
    const uniform = isinglass(
      ...'exact --rows 4 --cols 4 --J 0.44 --boundary periodic --json'.split(' '),
    );
    const [kaufman, transfer] = [stdout, uniform.stdout].map((text) => JSON.parse(text));
    expect(kaufman.logZ).toBeCloseTo(transfer.logZ, 10);
    expect(kaufman.varB).toBeCloseTo(transfer.varB, 8);
    isinglass(
      ...'sample --rows 20 --cols 24 --J 0.3 --boundary periodic --count 20 --seed 8 --out z.npy'.split(
        ' ',
      ),
    );
    isinglass(...'fit z.npy --boundary periodic --model zero-field --out z.fit.json'.split(' '));
    const { method, methodReason, estimate, standardError } = readFit('z.fit.json');
    expect(method).toBe('exact');
    expect(methodReason).toMatch(/Kaufman's formula for a torus of 20 × 24/);
    const deviation = (Number(estimate.J) - 0.3) / Number(standardError?.J);
    expect(Math.abs(deviation)).toBeLessThan(3.5);
  });

  it('resumes a killed fit and ends with the bits of an uninterrupted one', async () => {
    isinglass(...'sample --rows 24 --cols 24 --J 0.3 --count 60 --seed 2 --out r.npy'.split(' '));
    const args = [
      'fit',
      'r.npy',
      '--method',
      'gradient',
      '--seed',
      '8',
      '--steps',
      '6000',
      '--alpha',
      '0.02',
    ];
    const killed = begin(...args, '--out', 'k.fit.json', '--checkpoint-every', '0.05');
    await until(() => existsSync(join(folder, 'k.fit.json.checkpoint')));
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect(existsSync(join(folder, 'k.fit.json'))).toBe(false);
    isinglass('fit', '--resume', 'k.fit.json');
    isinglass(...args, '--out', 'w.fit.json');
    const [resumed, whole] = [readFit('k.fit.json'), readFit('w.fit.json')];
    expect(resumed.estimate).toEqual(whole.estimate);
    expect(resumed.trace).toEqual(whole.trace);
    expect(existsSync(join(folder, 'k.fit.json.checkpoint'))).toBe(false);
  });

  // one case for each kernel of the heat-bath, by the lattice that chooses it
  it.each([
    ['many chains', 16, 64, 6000],
    ['one lattice', 64, 2, 6000],
    ['reference', 15, 8, 3000],
  ])(
    'stops at Ctrl-C, keeps what it has, and goes on with the same bits: %s',
    async (_, side, chains, steps) => {
      const data = `i${side}.npy`;
      const out = `i${side}.fit.json`;
      isinglass(
        ...`sample --rows ${side} --cols ${side} --boundary periodic --J 0.3 --count 20`.split(' '),
        ...['--seed', '2', '--out', data],
      );
      const args = [
        ...['fit', data, '--boundary', 'periodic', '--method', 'gradient', '--seed', '1'],
        ...[
          '--alpha',
          '0.0002',
          '--steps',
          String(steps),
          '--chains',
          String(chains),
          '--no-check',
        ],
      ];
      const child = begin(...args, '--out', out, '--checkpoint-every', '0.1');
      await until(() => existsSync(join(folder, `${out}.checkpoint`)));
      child.kill('SIGINT');
      expect((await once(child, 'exit'))[0]).toBe(5);
      const stopped = readFit(out);
      expect(stopped.converged).toBe(false);
      expect(stopped.trace.length).toBeLessThan(steps);
      const resumed = isinglass('fit', '--resume', out, '--no-check');
      const whole = isinglass(...args, '--out', 'w.fit.json', '--force');
      expect(resumed.status).toBe(whole.status);
      expect(results(out)).toEqual(results('w.fit.json'));
    },
    120_000,
  );

  it.each([
    [1, 'Stopped before anything had begun.', 1],
    [2, 'Stopped before the fit had begun; nothing was written.', 1],
    [3, 'Stopping; what the fit has so far is kept.', 5],
  ])('says that it stops from its first moment on: answer %i', (answer, sentence, code) => {
    writeFileSync(join(folder, 'early.csv'), '1,1,0\n1,0,1\n0,0,1\n');
    // as soon as the program listens for the n-th time
    const interrupt = `let n = 0; process.on('newListener', (name) => { if (name === 'SIGINT' && ++n === ${answer}) setImmediate(() => process.kill(process.pid, name)); });`;
    const { stderr, status } = spawnSync(
      process.execPath,
      [
        ...['--import', `data:text/javascript,${encodeURIComponent(interrupt)}`, cli],
        ...['fit', 'early.csv', '--method', 'gradient', '--alpha', '1e-9', '--start', '3,30'],
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stderr.split('\n')[0]).toBe(sentence);
    expect(status).toBe(code);
    expect(existsSync(join(folder, 'early.fit.json'))).toBe(code === 5);
  });

  it.each([
    // the first part ends with a step at which the fit is looked at
    ['gradient', '240', '500', '--alpha 0.0002'],
    ['mle', '2', '100000', ''],
  ])('goes on with more steps where they were too few: %s, %s', (method, few, more, other) => {
    isinglass(...'sample --rows 24 --cols 24 --J 0.3 --count 20 --seed 2 --out e.npy'.split(' '));
    const args = `fit e.npy --method ${method} --seed 1 --no-check ${other}`.trim().split(' ');
    const first = isinglass(...args, '--steps', few, '--out', 'e.fit.json', '--force');
    expect(first.status).toBe(5);
    const command = /^Go on with: isinglass (fit --resume e\.fit\.json) --steps \d+$/m;
    const [, resume] = command.exec(first.stderr) ?? [];
    const resumed = isinglass(...resume.split(' '), '--steps', more, '--no-check');
    const whole = isinglass(...args, '--steps', more, '--out', 'w.fit.json', '--force');
    expect(resumed.status).toBe(whole.status);
    expect(results('e.fit.json')).toEqual(results('w.fit.json'));
    expect(existsSync(join(folder, 'e.fit.json.checkpoint'))).toBe(whole.status === 5);
  });
});

describe('bad input', () => {
  mkdirSync(join(folder, 'empty'));
  writeFileSync(join(folder, 'text.png'), 'This is no picture.');
  writeFileSync(
    join(folder, 'cut.png'),
    readFileSync(join(textures, 'brick.png')).subarray(0, 3000),
  );
  writeFileSync(join(folder, 'bright.csv'), '1,1,1\n1,1,1\n1,1,1\n');
  writeFileSync(join(folder, 'board.csv'), '0,1,0\n1,0,1\n0,1,0\n');
  writeFileSync(join(folder, 'wrong.csv'), '1,1,1\n1,2,1\n');
  const huge = Buffer.from(readFileSync(join(textures, 'brick.png')));
  huge.writeUInt32BE(30000, 16);
  huge.writeUInt32BE(30000, 20);
  writeFileSync(join(folder, 'huge.png'), huge);

  it.each([
    ['fit', 2, /at least one/],
    ['fit nowhere', 3, /nowhere.*no such file/],
    ['fit empty', 3, /empty holds no picture/],
    ['fit text.png', 3, /text\.png/],
    ['fit cut.png', 3, /cut\.png.*(truncated|damaged)/],
    ['fit huge.png', 3, /huge\.png.*30000 × 30000/],
    ['fit wrong.csv', 3, /wrong\.csv.*2/],
    [`fit ${textures} --crop 500,0,100,100`, 3, /outside the picture/],
    [`fit ${textures} --rows 1`, 2, /--rows.*at least|--rows.*2 … 8192/],
    [`fit ${textures} --size 8 --rows 9`, 2, /--size/],
    [`fit ${textures} --threshold 300`, 2, /--threshold.*0 … 255/],
    [`fit ${textures} --alpha -1`, 2, /--alpha/],
    [`fit ${textures} --alpha 1,2,3`, 2, /--alpha takes one number, or 2/],
    [`fit ${textures} --method magic`, 2, /--method/],
    [`fit ${textures} --chains 5000`, 2, /--chains.*2 … 4096/],
    [`fit ${textures} --out nowhere/x.fit.json`, 1, /nowhere\/x\.fit\.json cannot be written/],
    ['fit bright.csv', 4, /bright.*h → \+∞/],
    ['fit board.csv', 4, /checkerboard.*J → −∞/],
    ['exact --rows 30 --cols 30 --J 1', 2, /No exact method/],
    ['fit --resume none.fit.json', 1, /nothing to resume/],
    ['exact --rows 32 --cols 32 --J 0.4 --boundary periodic', 2, /--model zero-field reaches/],
    ['exact --rows 8 --cols 8 --J 0.4 --model zero-field --h 1', 2, /has no field/],
    ['exact --rows 8 --cols 8 --J 0.4 --h 1 --h-per-site 1', 2, /--h-per-site.*--h/],
    [`fit ${textures} --size 40 --method exact`, 2, /No exact method applies.*\(mle\)/],
    ['sample --rows 8 --cols 8', 2, /--J/],
    ['sample --J 0.1 --h 1 --h-per-site 1', 2, /--h-per-site.*--h/],
    ['sample --J 0.1 --out nowhere/deep', 1, /nowhere\/deep cannot be written: there is no folder/],
    [
      'sample --J 0.1 --out nowhere/x.npy',
      1,
      /nowhere\/x\.npy cannot be written: there is no folder/,
    ],
    ['sample --J 0.1 --out text.png', 1, /text\.png cannot be written: it is a file/],
    [
      `prepare ${textures} --out nowhere/deep`,
      1,
      /nowhere\/deep cannot be written: there is no folder/,
    ],
    ['dance', 2, /unknown command/],
  ])('%s ends with code %i and a sentence', (line, code, sentence) => {
    const { status, stderr, stdout } = isinglass(...line.split(' '));
    expect(`${stderr}${stdout}`).toMatch(sentence);
    expect(`${stderr}${stdout}`).not.toMatch(/\n\s+at /);
    expect(status).toBe(code);
  });

  it('uses the other inputs with --keep-going, and says which were left out', () => {
    const { status, stderr } = isinglass(
      ...[
        'fit',
        textures,
        'text.png',
        '--size',
        '16',
        '--seed',
        '1',
        '--keep-going',
        '--out',
        'kept.fit.json',
      ],
    );
    expect(status).toBe(3);
    expect(stderr).toMatch(/Left out: text\.png/);
    expect(readFit('kept.fit.json').data.images).toBe(3);
  });
});
