/** The channels between preload and main; nothing but `ipc.ts` and `preload.ts` uses them. */
export const channels = {
  request: 'isinglass:request',
  cancel: 'isinglass:cancel',
  event: 'isinglass:event',
} as const;
