import type { ResourceLimits } from 'node:worker_threads';

/**
 * Young objects that a thread of a fit may heap up before they are collected: 8 MB instead of the 48 that V8 lets a
 * thread take little by little over hours, for nothing, since a fit's numbers lie outside of V8's heap.
 */
export const fitThreadMemory: ResourceLimits = { maxYoungGenerationSizeMb: 8 };
