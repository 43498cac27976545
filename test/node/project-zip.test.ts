import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { manifestOf } from '../../electron/node/projects/project-manifest.ts';
import { packProject, unpackProject } from '../../electron/node/projects/project-zip.ts';

const text = (content: string) => Buffer.from(content);
const members = new Map([
  ['project.json', text('{"name": null}')],
  ['spins/1.npy', Buffer.from(Array.from({ length: 9000 }, (_, k) => (k * 7919) % 251))],
]);

/** An archive of these files, with whatever names they have. */
async function zipOf(files: Iterable<readonly [string, Uint8Array]>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, bytes] of files) zip.addBuffer(Buffer.from(bytes), name);
  zip.end();
  return buffer(zip.outputStream);
}

const manifest = (content: object) =>
  ['manifest.json', text(JSON.stringify({ ...manifestOf(members), ...content }))] as const;

describe('a project file', () => {
  it('comes back as it was written, also after other tools packed it anew', async () => {
    expect(await unpackProject(await packProject(members), 'p')).toEqual(members);
    const other = [...members, ['readme.txt', text('mine')] as const, manifest({})];
    expect(await unpackProject(await zipOf(other), 'p')).toEqual(members);
  });

  it('keeps monotonous content in proportion', async () => {
    const bright = new Map([['spins/1.npy', new Uint8Array(70 << 20).fill(1)]]);
    const packed = await packProject(bright);
    expect((await unpackProject(packed, 'p')).get('spins/1.npy')).toHaveLength(70 << 20);
  });

  it('is refused with a sentence at every byte that was changed', async () => {
    const packed = await packProject(members);
    for (let k = 0; k < packed.length; k += 61) {
      const damaged = Buffer.from(packed);
      damaged[k] ^= 0x55;
      const opened = await unpackProject(damaged, 'p.isinglass').catch((error: Error) => error);
      // a byte that no reader looks at (a date, an attribute) changes nothing
      if (opened instanceof Error) expect(opened.message).toMatch(/^p\.isinglass .*\.$/);
      else expect(opened).toEqual(members);
    }
    for (const length of [0, 10, packed.length >> 1, packed.length - 1]) {
      await expect(unpackProject(packed.subarray(0, length), 'p')).rejects.toThrow(/^p is/);
    }
  });

  it('of a newer version is refused with the name of the program that wrote it', async () => {
    const newer = manifest({ version: 2, program: { name: 'isinglass', version: '9.1.0' } });
    await expect(unpackProject(await zipOf([newer, ...members]), 'p')).rejects.toThrow(
      /p was written by isinglass 9\.1\.0 in version 2/,
    );
  });

  it('that grows out of proportion, names files twice or hides a prototype is refused', async () => {
    const bomb = new Map([['spins/1.npy', new Uint8Array(90 << 20)]]);
    const named = ['manifest.json', text(JSON.stringify(manifestOf(bomb)))] as const;
    const packed = await zipOf([named, ...bomb]);
    expect(packed.length).toBeLessThan(1 << 20);
    const before = process.memoryUsage().rss;
    await expect(unpackProject(packed, 'p')).rejects.toThrow(/out of all proportion/);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);

    const twice = [manifest({}), ...members, ['project.json', text('{}')] as const];
    await expect(unpackProject(await zipOf(twice), 'p')).rejects.toThrow(/twice/);

    const polluted = text(
      `${JSON.stringify(manifestOf(members)).slice(0, -1)}, "__proto__": {"polluted": 1}}`,
    );
    await expect(unpackProject(await zipOf([['manifest.json', polluted]]), 'p')).rejects.toThrow(
      /damaged/,
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('whose files would lie outside of it is refused', async () => {
    const packed = await zipOf([manifest({}), ...members, ['aaaaaaaa.json', text('{}')]]);
    for (const name of ['../../a.json', '/etc/a.json.', 'C:\\a\\a.json.']) {
      const slipping = Buffer.from(
        packed.toString('latin1').replaceAll('aaaaaaaa.json', name.padEnd(13, 'x').slice(0, 13)),
        'latin1',
      );
      await expect(unpackProject(slipping, 'p')).rejects.toThrow(/p is no project/);
    }
  });
});
