import type { ModelName } from '../../shared/models/registry.ts';

/** What the window calls the models, and what it says of them. */
export const modelTexts: Readonly<
  Record<ModelName, { readonly label: string; readonly tip: string }>
> = {
  uniform: { label: 'J and h', tip: 'One coupling for all nearest neighbours, and a field' },
  anisotropic: {
    label: 'Jx, Jy, h',
    tip: 'One coupling along the rows (Jx), another along the columns (Jy), and a field',
  },
  'zero-field': {
    label: 'J alone',
    tip: 'One coupling for all nearest neighbours, no field: h = 0',
  },
  neighbourhood: {
    label: 'J1, J2 …, h',
    tip: 'A coupling for each class of neighbours that you choose, such as the diagonals, and a field',
  },
};
