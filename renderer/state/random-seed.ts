/** A seed drawn by the system's generator: an integer 0 … 2³² − 1, short enough to be read out. */
export function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}
