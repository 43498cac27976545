import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

let known: Promise<string | null> | null = null;

/**
 * What tells this machine from others whatever it is called: a hash, since the system's own number is nobody else's
 * business; null where there is none. Containers of one machine, which do not see each other's processes, differ in it.
 */
export function thisMachine(): Promise<string | null> {
  known ??= numberOf(process.platform).then(
    (number) => createHash('sha256').update(`isinglass ${number}`).digest('hex').slice(0, 32),
    () => null,
  );
  return known;
}

async function numberOf(platform: NodeJS.Platform): Promise<string> {
  if (platform === 'linux') {
    const number = (await readFile('/etc/machine-id', 'utf8')).trim();
    if (number === '') throw new Error('This system has no number.');
    return `${number} ${await readlink('/proc/self/ns/pid')}`;
  }
  const [command, args, pattern] =
    platform === 'darwin'
      ? ['/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'], /IOPlatformUUID" = "([^"]+)"/]
      : [
          `${process.env.SystemRoot}\\System32\\reg.exe`,
          ['query', 'HKLM\\SOFTWARE\\Microsoft\\Cryptography', '/v', 'MachineGuid'],
          /MachineGuid\s+REG_SZ\s+(\S+)/,
        ];
  const { stdout } = await promisify(execFile)(command as string, args as string[]);
  const number = (pattern as RegExp).exec(stdout)?.[1];
  if (number === undefined) throw new Error('This system has no number.');
  return number;
}
