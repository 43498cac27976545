/** Ways to draw configurations; `auto` draws in equilibrium, by whatever moves that takes. */
export const drawMethods = [
  'auto',
  'coupling-from-the-past',
  'swendsen-wang',
  'wolff',
  'heat-bath',
  'metropolis',
] as const;

export type DrawMethod = (typeof drawMethods)[number];
