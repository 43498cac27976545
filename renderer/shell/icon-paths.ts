/** Line drawings on a grid of 16 × 16. */
export const iconPaths = {
  data: 'M2 3h5v4H2zM9 3h5v4H9zM2 9h5v4H2zM9 9h5v4H9z',
  prepare: 'M4 1v11h11M1 4h11v11',
  fit: 'M2 2v12h12M4 11c2-7 4-7 9-7',
  check: 'M2 8.5l4 4 8-9',
  runs: 'M2 4h12M2 8h12M2 12h12M6 2v12',
  play: 'M4 2.5v11l9-5.5z',
  pause: 'M5 3v10M11 3v10',
  step: 'M3 3v10l7-5zM13 3v10',
  stop: 'M3.5 3.5h9v9h-9z',
  reset: 'M3 8a5 5 0 1 0 1.5-3.6L3 6M3 2.5V6h3.5',
  undo: 'M3 6h7a3.5 3.5 0 0 1 0 7H6M6 3L3 6l3 3',
  redo: 'M13 6H6a3.5 3.5 0 0 0 0 7h4M10 3l3 3-3 3',
  previous: 'M10 3L5 8l5 5',
  next: 'M6 3l5 5-5 5',
  down: 'M4 6l4 4 4-4',
  dice: 'M2.5 2.5h11v11h-11zM5 5.5h1M10 5.5h1M7.5 8h1M5 10.5h1M10 10.5h1',
  close: 'M4 4l8 8M12 4l-8 8',
  help: 'M6 6a2 2 0 1 1 2.8 1.8c-.6.3-.8.7-.8 1.4M8 11.5v.5M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13',
  settings: 'M2 4h7M13 4h1M2 12h1M7 12h7M11 2v4M5 10v4M2 8h3M9 8h5M7 6v4',
  folder: 'M2 4h4l1.5 2H14v7H2z',
  remove: 'M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9',
  edit: 'M3 13l.6-3L10.5 3l2.5 2.5L6 12.4z',
  export: 'M8 2v8M5 7l3 3 3-3M3 13h10',
} as const;

export type IconName = keyof typeof iconPaths;
