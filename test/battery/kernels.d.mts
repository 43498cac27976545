/** Compiled kernels that give their random numbers away. */
export interface DrawingKernels {
  readonly heatBath: Uint8Array;
  readonly secondDrawings: Uint8Array;
  readonly clusters: Uint8Array;
}
export function drawingKernels(): Promise<DrawingKernels>;
