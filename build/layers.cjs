/**
 * The house has floors, and imports only run down. Each layer names what it may import;
 * whatever is not listed is an error. `docs/architecture.md` explains the reasons.
 */
const layers = {
  '^shared/ising/': ['^shared/ising/'],
  '^shared/image/': ['^shared/image/'],
  '^shared/kernels/': ['^shared/kernels/', '^shared/ising/'],
  '^shared/protocol/': [
    '^shared/protocol/',
    '^shared/ising/',
    '^shared/image/',
    '^node_modules/zod/',
  ],
  '^shared/session/': ['^shared/session/', '^shared/protocol/', '^shared/ising/', '^shared/image/'],
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
    '^shared/image/',
    '^shared/ising/(options|lattice|model|offsets|conventions|rounding)\\.ts$',
    '^shared/ising/models/(registry|names)\\.ts$',
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
  '^electron/cli/': [
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
