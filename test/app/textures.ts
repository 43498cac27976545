import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';

/** The pictures that come with the program. */
export const textureNames = ['brick', 'grass', 'gravel'] as const;

/** 96 × 96 pixels of one of them. */
export function texture(name: (typeof textureNames)[number]): Sharp {
  return sharp(fileURLToPath(new URL(`../../electron/samples/${name}.png`, import.meta.url)))
    .extract({ left: 100, top: 100, width: 96, height: 96 })
    .png();
}
