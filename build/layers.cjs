/**
 * The house has floors, and imports only run down. Each layer names what it may import;
 * whatever is not listed is an error. `docs/architecture.md` explains the reasons.
 */
const engine = ['numerics', 'models', 'data', 'sampling', 'inference', 'assessment'].map(
  (folder) => `^shared/${folder}/`,
);

const layers = {
  '^shared/numerics/': ['^shared/numerics/'],
  '^shared/models/': ['^shared/models/', '^shared/numerics/'],
  '^shared/data/': ['^shared/data/', '^shared/models/', '^shared/numerics/'],
  '^shared/sampling/': ['^shared/sampling/', '^shared/models/', '^shared/numerics/'],
  '^shared/kernels/': [
    '^shared/kernels/',
    '^shared/sampling/',
    '^shared/models/',
    '^shared/numerics/',
  ],
  '^shared/inference/': engine.filter((layer) => layer !== '^shared/assessment/'),
  '^shared/assessment/': engine,
  '^shared/protocol/': ['^shared/protocol/', ...engine, '^node_modules/zod/'],
  '^shared/session/': ['^shared/session/', '^shared/protocol/', ...engine],
  '^electron/node/': [
    '^electron/node/',
    '^package.json$',
    '^shared/',
    '^node_modules/(jimp|@jimp|geotiff|sharp|yauzl|yazl|@types/yauzl|@types/yazl)/',
    'node',
  ],
  '^electron/workers/': ['^electron/workers/', '^electron/node/', '^shared/', 'node'],
  '^electron/loopback/': [
    '^electron/loopback/',
    '^electron/node/',
    '^shared/',
    '^node_modules/(ws|@types/ws)/',
    'node',
  ],
  // of the engine only the types and defaults of its options, and how numbers are written
  '^renderer/': [
    '^renderer/',
    '^shared/protocol/',
    '^shared/data/image/',
    '^shared/numerics/rounding\\.ts$',
    '^shared/models/(contract|conventions|registry|names)\\.ts$',
    '^shared/models/lattice/(lattice|offsets)\\.ts$',
    '^shared/inference/options\\.ts$',
    '^node_modules/(vue|@vue|pinia|chart\\.js|reka-ui|katex|@tanstack/vue-virtual|@fontsource-variable/inter)/',
  ],
  // the only files that may import electron itself
  '^electron/[^/]+\\.ts$': [
    '^electron/[^/]+\\.ts$',
    '^electron/node/',
    '^shared/',
    '^node_modules/electron/',
    'node',
  ],
  '^electron/bench/': ['^electron/bench/', '^electron/node/', '^shared/', 'node'],
  '^electron/cli/': [
    '^electron/bench/',
    '^electron/cli/',
    '^electron/loopback/',
    '^electron/node/',
    '^shared/',
    '^node_modules/commander/',
    'node',
  ],
};

const forbidden = Object.entries(layers).map(([from, allowed]) => ({
  name: `${from.slice(1, -1)} imports only what its layer lists`,
  severity: 'error',
  from: { path: from },
  to: {
    pathNot: allowed.filter((rule) => rule !== 'node'),
    dependencyTypesNot: allowed.includes('node') ? ['core'] : [],
  },
}));

module.exports = {
  forbidden: [
    ...forbidden,
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every file belongs to a layer',
      severity: 'error',
      from: {
        path: '^(shared|electron|renderer)/',
        pathNot: [...Object.keys(layers), '^shared/kernels/assembly/'],
      },
      to: {},
    },
    { name: 'no unresolved import', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^shared/kernels/assembly/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.vue', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
