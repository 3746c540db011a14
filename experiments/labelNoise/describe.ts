import type { LabelNoiseResult } from './report.ts';
export function describeStudy(result: LabelNoiseResult, out: string): string {
  return `${JSON.stringify(result.tasks[0].analysis, null, 1)}\n${out}\n`;
}
