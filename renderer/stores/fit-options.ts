import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import {
  defaultFitOptions,
  type FitOptions,
  type GradientOptions,
} from '../../shared/inference/options.ts';
import { randomSeed } from '../state/random-seed.ts';
import { useSettings } from './settings.ts';

/** Steps of eq. (4) shown in a second by slow motion. */
const slowMotion = 3;

/** What the next fit will be told. */
export const useFitOptions = defineStore('fit-options', () => {
  const settings = useSettings();
  // shallow: what is sent to the host must not be a proxy, which no bridge between worlds can clone
  const options = shallowRef<FitOptions>({
    ...defaultFitOptions,
    method: 'gradient',
    seed: randomSeed(),
  });
  /** Steps per second; null runs as fast as it can. */
  const stepsPerSecond = ref<number | null>(null);

  /** Threads that sample; null takes all. */
  const threads = computed({
    get: () => settings.settings.threads,
    set: (value) => void settings.change({ threads: value }),
  });

  function change(changes: Partial<FitOptions>): void {
    options.value = { ...options.value, ...changes };
    void settings.change({ fit: options.value });
  }

  function changeGradient(changes: Partial<GradientOptions>): void {
    change({ gradient: { ...options.value.gradient, ...changes } });
  }

  function load(): void {
    if (settings.settings.fit) options.value = { ...settings.settings.fit, seed: randomSeed() };
  }

  return { options, stepsPerSecond, threads, slowMotion, change, changeGradient, load };
});
