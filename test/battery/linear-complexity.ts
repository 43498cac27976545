/**
 * Linear complexity of a sequence of bits: the length of the shortest linear recurrence that makes it, by
 * Berlekamp and Massey. Of n random bits it is n/2 ± some units: P(|L − n/2| > k) is near 4^−k.
 *
 * Source: J. L. Massey, IEEE Trans. Inf. Theory 15, 122 (1969); A. Rukhin et al., NIST SP 800-22 (2010), § 2.10.
 */
export function linearComplexity(bits: Uint8Array): number {
  const n = bits.length;
  const current = new Uint8Array(n + 1);
  let before = new Uint8Array(n + 1);
  current[0] = 1;
  before[0] = 1;
  let length = 0;
  // steps since the recurrence last grew
  let shift = 1;
  for (let k = 0; k < n; k++) {
    let discrepancy = 0;
    for (let i = 0; i <= length; i++) discrepancy ^= current[i] & bits[k - i];
    if (discrepancy === 0) {
      shift++;
      continue;
    }
    const kept = current.slice();
    for (let i = 0; i + shift <= n; i++) current[i + shift] ^= before[i];
    if (2 * length > k) shift++;
    else {
      length = k + 1 - length;
      before = kept;
      shift = 1;
    }
  }
  return length;
}
