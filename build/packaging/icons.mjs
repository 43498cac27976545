import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IconIcns, IconIco } from '@shockpkg/icon-encoder';
import sharp from 'sharp';
import { root } from '../install.mjs';

/** Side of the drawing, in units of its own. */
const canvas = 1024;

/**
 * The program's icon: the spins of `renderer/icon.svg` on a rounded tile, with space around them.
 *
 * @param {number} margin of the tile, in units of 1/1024; macOS wants a tenth, other systems less
 * @returns {string} SVG
 */
function drawing(margin) {
  const spins = readFileSync(join(root, 'renderer/icon.svg'), 'utf8')
    .replace(/<svg[^>]*>/, '')
    .replace(/<title>.*<\/title>|<\/svg>/g, '');
  const [background] = /#[0-9a-f]{6}/.exec(spins) ?? ['#000000'];
  const side = canvas - 2 * margin;
  const inset = Math.round(side / 9);
  const inner = side - 2 * inset;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${canvas} ${canvas}" width="${canvas}" height="${canvas}">
  <rect x="${margin}" y="${margin}" width="${side}" height="${side}" rx="${Math.round(side * 0.225)}" fill="${background}"/>
  <clipPath id="tile"><rect x="${margin + inset}" y="${margin + inset}" width="${inner}" height="${inner}" rx="${Math.round(inner * 0.13)}"/></clipPath>
  <g clip-path="url(#tile)"><svg x="${margin + inset}" y="${margin + inset}" width="${inner}" height="${inner}" viewBox="0 0 4 4" shape-rendering="crispEdges">${spins}</svg></g>
</svg>`;
}

/** @param {number} margin @param {number} side @returns {Promise<Buffer>} PNG of side × side pixels */
function render(margin, side) {
  return sharp(Buffer.from(drawing(margin)), { density: (72 * side) / canvas })
    .resize(side, side)
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/**
 * Draws the icons of all systems: `N×N.png` for Linux, `icon.ico` for Windows, `icon.icns` for macOS.
 *
 * @param {string} folder is made if it is not there
 */
export async function drawIcons(folder) {
  mkdirSync(join(folder, 'icons'), { recursive: true });
  for (const side of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) {
    writeFileSync(join(folder, 'icons', `${side}x${side}.png`), await render(32, side));
  }
  const ico = new IconIco();
  for (const side of [16, 24, 32, 48, 64, 128, 256]) {
    await ico.addFromPng(await render(32, side), null, true);
  }
  writeFileSync(join(folder, 'icon.ico'), ico.encode());
  const icns = new IconIcns();
  // in the order of Apple's own iconutil; the second of each size is for screens of twice the density
  for (const [type, side] of /** @type {const} */ ([
    ['ic12', 64],
    ['ic07', 128],
    ['ic13', 256],
    ['ic08', 256],
    ['ic04', 16],
    ['ic14', 512],
    ['ic09', 512],
    ['ic05', 32],
    ['ic10', 1024],
    ['ic11', 32],
  ])) {
    await icns.addFromPng(await render(100, side), [type]);
  }
  writeFileSync(join(folder, 'icon.icns'), icns.encode());
}
