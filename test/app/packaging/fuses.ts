import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** What the packaged program must have: no way in as Node, and nothing loaded but its own archive, unchanged. */
export const fusesSet = {
  runAsNode: '0',
  cookieEncryption: '1',
  nodeOptions: '0',
  inspect: '0',
  integrity: '1',
  onlyAsar: '1',
  fileProtocol: '0',
};

/** The fuses that an executable, or a bundle of macOS, has: 1 for on and 0 for off. */
export async function fusesOf(path: string): Promise<typeof fusesSet> {
  const wire = await getCurrentFuseWire(path);
  const state = (fuse: FuseV1Options) => String.fromCharCode(wire[fuse] ?? 0);
  return {
    runAsNode: state(FuseV1Options.RunAsNode),
    cookieEncryption: state(FuseV1Options.EnableCookieEncryption),
    nodeOptions: state(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: state(FuseV1Options.EnableNodeCliInspectArguments),
    integrity: state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: state(FuseV1Options.OnlyLoadAppFromAsar),
    fileProtocol: state(FuseV1Options.GrantFileProtocolExtraPrivileges),
  };
}
