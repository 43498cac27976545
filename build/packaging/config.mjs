// biome-ignore-all lint/suspicious/noTemplateCurlyInString: electron-builder fills these in
import { join } from 'node:path';
import { parsePlistFile, savePlistFile } from 'app-builder-lib/out/util/plist.js';
import { root } from '../install.mjs';

/**
 * @typedef {object} Where
 * @property {string} output folder of the packages
 * @property {string} resources folder with icons and licences
 * @property {string} [electronDist] folder with Electron that is there already; else electron-builder loads it
 * @property {import('electron-builder').Configuration['afterPack']} [afterPack] told when the folder is whole
 */

/**
 * Takes the leave to load anything from anywhere, which electron-builder writes for its updater, out of a bundle of macOS.
 *
 * @param {import('electron-builder').AfterPackContext} context
 */
async function allowNoLoads({ appOutDir, electronPlatformName, packager }) {
  if (electronPlatformName !== 'darwin') return;
  const path = join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents/Info.plist');
  const { NSAppTransportSecurity, ...rest } = await parsePlistFile(path);
  await savePlistFile(path, rest);
}

/**
 * How the program is packaged, for electron-builder.
 *
 * `.fit.json` has two dots. Linux matches whole names; Windows and macOS see `.json` alone, and taking that
 * from a person's editor would be rude, so there Isinglass is only offered under “Open with”.
 *
 * @param {Where} where
 * @returns {import('electron-builder').Configuration}
 */
export function packagingOf({ output, resources, electronDist, afterPack }) {
  return {
    appId: 'org.isinglass.desktop',
    productName: 'Isinglass',
    copyright: 'Copyright © 2026 The Isinglass developers',
    directories: { output, buildResources: resources },
    electronDist,
    async afterPack(context) {
      await allowNoLoads(context);
      await afterPack?.(context);
    },
    artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
    // the bundles, and of the packages only those that are not bundled: sharp and what it needs
    files: [
      'package.json',
      'dist/node/**',
      '!dist/node/{cli,bench-pictures,fuzz}.js',
      'dist/preload/**',
      'dist/renderer/**',
      'dist/kernels/*.wasm',
      '!**/licences.json',
      '!node_modules/sharp/{src,install}/**',
      '!node_modules/**/*.{d.ts,d.mts,d.cts,h,hpp,map}',
      '!node_modules/@img/*/include/**',
    ],
    extraFiles: [
      { from: 'LICENSE', to: 'LICENSE.isinglass.txt' },
      { from: join(resources, 'LICENSES.packages.txt'), to: 'LICENSES.packages.txt' },
    ],
    asar: { smartUnpack: false },
    // the system's loader opens these itself, and knows no archives
    asarUnpack: ['node_modules/@img/sharp-*/**'],
    // sharp is built against Node's stable interface, once for all versions
    npmRebuild: false,
    electronLanguages: ['en-US'],
    electronFuses: {
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    },
    extraMetadata: {
      homepage: process.env.ISINGLASS_HOMEPAGE ?? 'https://isinglass.invalid',
      // by this the desktop tells whose a window is
      desktopName: 'isinglass.desktop',
      // the command line is not in the package
      bin: null,
    },
    fileAssociations: [
      {
        ext: 'isinglass',
        name: 'Isinglass project',
        description: 'Isinglass project',
        mimeType: 'application/x-isinglass',
        role: 'Editor',
      },
    ],
    linux: {
      target: ['AppImage', 'deb', 'tar.gz'],
      executableName: 'isinglass',
      syncDesktopName: true,
      // paths, where %U would give addresses
      executableArgs: ['%F'],
      icon: join(resources, 'icons'),
      category: 'Science',
      synopsis: 'Pictures in, Ising couplings out',
      maintainer:
        process.env.ISINGLASS_MAINTAINER ??
        'The Isinglass developers <maintainer@isinglass.invalid>',
      desktop: {
        entry: {
          Name: 'Isinglass',
          GenericName: 'Inverse statistical mechanics',
          Keywords: 'Ising;physics;statistics;image;',
        },
      },
      fileAssociations: [
        {
          ext: 'fit.json',
          name: 'Isinglass fit',
          description: 'Isinglass fit',
          mimeType: 'application/x-isinglass-fit+json',
        },
      ],
    },
    win: {
      target: ['nsis', 'portable'],
      icon: join(resources, 'icon.ico'),
    },
    nsis: {
      artifactName: '${productName}-${version}-${os}-${arch}-setup.${ext}',
      oneClick: false,
      allowToChangeInstallationDirectory: true,
      license: join(root, 'LICENSE'),
      include: join(root, 'build/packaging/installer.nsh'),
    },
    portable: { artifactName: '${productName}-${version}-${os}-${arch}-portable.${ext}' },
    mac: {
      target: ['dmg', 'zip'],
      icon: join(resources, 'icon.icns'),
      category: 'public.app-category.education',
      hardenedRuntime: true,
      entitlements: join(root, 'build/packaging/entitlements.plist'),
      entitlementsInherit: join(root, 'build/packaging/entitlements.plist'),
      fileAssociations: [{ ext: 'json', name: 'Isinglass fit', role: 'Viewer', rank: 'Alternate' }],
    },
    dmg: { title: '${productName} ${version}' },
    publish: null,
  };
}
