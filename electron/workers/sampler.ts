import { workerData } from 'node:worker_threads';
import type { SamplerTask } from '../node/sampler-wire.ts';
import { serveKernels } from '../node/serve-kernels.ts';

serveKernels(workerData as SamplerTask);
