export function compileKernel(
  name: string,
  change?: (source: string) => string,
): Promise<Uint8Array>;
export function buildKernels(): Promise<void>;
