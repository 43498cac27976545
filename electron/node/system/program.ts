import manifest from '../../../package.json' with { type: 'json' };

/** This program as it signs its files. */
export const program = { name: 'isinglass', version: manifest.version };
