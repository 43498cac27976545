export const steadyMalloc: Readonly<Record<string, string>>;
