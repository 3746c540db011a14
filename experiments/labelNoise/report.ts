/** The study's result as data, and as one page that opens offline. */
import type { SkippedClip } from '../../datasets/index.ts';
import type { TaskAnalysis } from './analysis.ts';
import type { System } from './design.ts';

export interface TaskResult {
  name: string;
  clips: number;
  tags: string[];
  exclusive: boolean;
  /** Of the usual system. */
  trainClips: number;
  testClips: number;
  skipped: SkippedClip[];
  analysis: TaskAnalysis;
}

export interface LabelNoiseResult {
  created: string;
  engine: { name: string; device: string; version: string };
  configuration: { seeds: number; steps: number; tolerance: number } & Record<string, unknown>;
  systems: System[];
  tasks: TaskResult[];
  trainings: number;
  /** Of all trainings. */
  seconds: number;
}

export function renderLabelNoiseReport(_: LabelNoiseResult): string {
  return '';
}
