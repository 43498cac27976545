/**
 * The smallest cut of a graph whose nodes each hang on the source or on the sink, by Dinic's algorithm: its
 * source side is the ground state of a ferromagnet in a field of either sign.
 *
 * Source: E. A. Dinic, Soviet Math. Dokl. 11, 1277 (1970); J. C. Anglès d'Auriac, M. Preissmann,
 * R. Rammal, J. Physique Lett. 46, L173 (1985), for the ground state.
 *
 * @param bonds pairs i, j of nodes, each joined in both directions with capacity `bond` (an integer)
 * @param terminal of each node: > 0 capacity from the source, < 0 capacity to the sink (integers)
 * @returns 1 for nodes on the source side of the cut that is nearest to the source, else 0
 */
export function minimumCut(bonds: Int32Array, bond: number, terminal: Float64Array): Uint8Array {
  const nodes = terminal.length;
  const { first, arcs } = adjacency(bonds, nodes);
  // arc 2b leads from bonds[2b] to bonds[2b + 1], arc 2b + 1 back
  const residual = new Float64Array(bonds.length).fill(bond);
  const target = (arc: number) => bonds[arc ^ 1];
  const left = terminal.slice();
  const level = new Int32Array(nodes);
  const cursor = new Int32Array(nodes);
  const queue = new Int32Array(nodes);
  const path: number[] = [];

  // levels: distance from any node that the source can still feed; false where the sink is out of reach
  const layer = (): boolean => {
    level.fill(-1);
    let tail = 0;
    let reached = false;
    for (let k = 0; k < nodes; k++) {
      if (terminal[k] > 0 && left[k] > 0) {
        level[k] = 0;
        queue[tail++] = k;
      }
    }
    for (let head = 0; head < tail; head++) {
      const node = queue[head];
      if (left[node] < 0) reached = true;
      for (let e = first[node]; e < first[node + 1]; e++) {
        const next = target(arcs[e]);
        if (level[next] < 0 && residual[arcs[e]] > 0) {
          level[next] = level[node] + 1;
          queue[tail++] = next;
        }
      }
    }
    return reached;
  };

  // one path from `start` to the sink along rising levels, or none
  const augment = (start: number): boolean => {
    path.length = 0;
    let node = start;
    while (left[node] >= 0) {
      if (cursor[node] < first[node + 1]) {
        const arc = arcs[cursor[node]];
        const next = target(arc);
        if (residual[arc] > 0 && level[next] === level[node] + 1) {
          path.push(arc);
          node = next;
        } else cursor[node]++;
      } else {
        const arc = path.pop();
        if (arc === undefined) return false;
        node = bonds[arc];
        cursor[node]++;
      }
    }
    let amount = Math.min(left[start], -left[node]);
    for (const arc of path) amount = Math.min(amount, residual[arc]);
    left[start] -= amount;
    left[node] += amount;
    for (const arc of path) {
      residual[arc] -= amount;
      residual[arc ^ 1] += amount;
    }
    return true;
  };

  while (layer()) {
    for (let k = 0; k < nodes; k++) cursor[k] = first[k];
    for (let k = 0; k < nodes; k++) {
      if (terminal[k] > 0) while (left[k] > 0 && augment(k));
    }
  }
  return Uint8Array.from(level, (distance) => (distance >= 0 ? 1 : 0));
}

/** Arcs that leave each node: those of node k are arcs[first[k]] … arcs[first[k + 1] − 1]. */
function adjacency(bonds: Int32Array, nodes: number) {
  const first = new Int32Array(nodes + 1);
  for (const node of bonds) first[node + 1]++;
  for (let k = 0; k < nodes; k++) first[k + 1] += first[k];
  const next = first.slice();
  const arcs = new Int32Array(bonds.length);
  for (let arc = 0; arc < bonds.length; arc++) arcs[next[bonds[arc]]++] = arc;
  return { first, arcs };
}
