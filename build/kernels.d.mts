export function compileKernel(
  name: string,
  change?: (source: string) => string,
  relaxed?: boolean,
): Promise<Uint8Array>;
export function buildKernels(): Promise<void>;
