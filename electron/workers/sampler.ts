import { workerData } from 'node:worker_threads';
import type { SamplerTask } from '../node/threads/sampler-wire.ts';
import { serveKernels } from '../node/threads/serve-kernels.ts';

serveKernels(workerData as SamplerTask);
