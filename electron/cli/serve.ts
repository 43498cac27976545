import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { serve } from '../loopback/serve.ts';
import { openAddress } from '../node/system/open-address.ts';
import { settingsFolder } from '../node/system/system-folders.ts';
import * as take from './arguments.ts';
import { say } from './progress.ts';
import { commandLog } from './record.ts';

interface ServeFlags {
  port: number;
  open?: boolean;
  publicHost?: string;
}

export function addServeCommand(parent: Command): void {
  parent
    .command('serve')
    .description('the window in a browser of this machine, served on 127.0.0.1')
    .argument('[path...]', 'files and folders that it may read, and opens at once')
    .option('--port <n>', 'port on 127.0.0.1; 0 takes any free one', take.whole(0, 65_535), 0)
    .option('--open', 'open it: in a window of Chromium, else in the default browser')
    .option('--public-host <name:port>', 'the name under which a tunnel reaches it')
    .action(run);
}

async function run(paths: string[], flags: ServeFlags): Promise<void> {
  const settings = settingsFolder(homedir());
  const host = await serve({
    port: flags.port,
    paths,
    publicHost: flags.publicHost ?? null,
    bundle: new URL('./', import.meta.url),
    settings,
    log: commandLog(),
  });
  let handedOver = () => {};
  const address = host.newAddress(() => handedOver());
  process.stdout.write(`${address}\n`);
  if (flags.open) {
    const opened = openAddress(address, join(settings, 'browser'), homedir());
    if (opened) handedOver = opened;
    else say('Open this address in a browser; it works once.');
  }
  // for a window that was closed: who can send this signal may read the address, too
  if (process.platform !== 'win32') {
    process.on('SIGUSR2', () => process.stdout.write(`${host.newAddress()}\n`));
  }
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    handedOver();
    if (host.busy) say('Stopping; a fit is under way and ends here.');
    host.close().then(
      () => process.exit(0),
      (error: Error) => {
        say(error.message);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
