import { compileKernel } from '../../build/kernels.mjs';

/** Kernels compiled so that they give their random numbers away instead of using them. */
export async function drawingKernels() {
  // fills memory with the words that a generator gives one after the other
  const fill = (draw) => `
export function fill(to: usize, words: i32): void {
  for (let k = 0; k < words; k++) store<u64>(to + (<usize>k << 3), ${draw});
}
`;
  return {
    // a sweep leaves the bytes that it compared in the place of the spins
    heatBath: await compileKernel('heat-bath.ts', (source) =>
      replaced(source, [
        ['v128.store(here + x, v128.and(rises0, two));', 'v128.store(here + x, t0);'],
        ['v128.store(here + x, v128.and(rises1, two), 16);', 'v128.store(here + x, t1, 16);'],
        ['if (skip < bytes) {', 'if (false) {'],
      ]),
    ),
    secondDrawings: await compileKernel(
      'heat-bath.ts',
      (source) => `import { stepAt } from './sfc64';\n${source}${fill('stepAt(state())')}`,
    ),
    clusters: await compileKernel('cluster.ts', (source) => source + fill('draw()')),
  };
}

/**
 * @param {string} source
 * @param {[string, string][]} changes
 */
function replaced(source, changes) {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The kernel no longer has the line ${from}`);
    return text.replace(from, to);
  }, source);
}
