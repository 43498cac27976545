import type { AfterPackContext } from 'electron-builder';

export function dist(options?: {
  system?: 'LINUX' | 'MAC' | 'WINDOWS';
  targets?: string[];
  output?: string;
  electronDist?: string;
  afterPack?: (context: AfterPackContext) => Promise<void>;
}): Promise<string[]>;
