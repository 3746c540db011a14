/** What engines this machine has: for the command `engines` and for reports. */
import * as tf from '@tensorflow/tfjs';
import { chooseEngine } from './chooseEngine.ts';
import type { EngineDriver, EngineName, Probe } from './driver.ts';
import { automaticDrivers, ENGINE_DRIVERS, useEngineOf } from './engine.ts';
import { measureMatrixProduct } from './measureMatrixProduct.ts';

export interface EngineReport {
  name: EngineName;
  available: boolean;
  /** True for the one that 'auto' takes. */
  auto: boolean;
  device?: string;
  version?: string;
  /** One line: what it is, or why it is not available and what to do. */
  reason: string;
  /** Measured rate of float32 matrix products. */
  gigaflops?: number;
}

export interface ListEnginesOptions {
  /** Whether to measure each engine, about two seconds each. Default false. */
  measure?: boolean;
}

/**
 * Lists the four engines, available or not. Nothing is printed and nothing throws for an engine that is not there.
 * After measuring, TF.js' backend is the one that it was before.
 *
 * @example const reports = await listEngines({ measure: true });
 */
export async function listEngines(options: ListEnginesOptions = {}): Promise<EngineReport[]> {
  return listEnginesOf(ENGINE_DRIVERS, options);
}

/** `listEngines` with the drivers to list; apart for its tests. */
export async function listEnginesOf(
  drivers: readonly EngineDriver[],
  { measure = false }: ListEnginesOptions,
): Promise<EngineReport[]> {
  const probed: EngineDriver[] = [];
  for (const { name, probe } of drivers) {
    const result = await probe();
    probed.push({ name, probe: async () => result });
  }
  const before: string | undefined = tf.getBackend(); // undefined while none has been used
  const { name: chosen } = await chooseEngine(automaticDrivers(probed));
  const reports: EngineReport[] = [];
  for (const driver of probed) {
    const report = describe(driver.name, await driver.probe(), driver.name === chosen);
    reports.push(measure && report.available ? await measureEngine(driver, report) : report);
  }
  if (measure && before !== undefined) await tf.setBackend(before);
  return reports;
}

function describe(name: EngineName, probe: Probe, auto: boolean): EngineReport {
  if (!probe.available) return { name, available: false, auto, reason: `${probe.reason}: ${probe.remedy}` };
  const { device, version, reason } = probe;
  return { name, available: true, auto, device, version, reason };
}

async function measureEngine(driver: EngineDriver, report: EngineReport): Promise<EngineReport> {
  try {
    await useEngineOf([driver], driver.name);
    return { ...report, gigaflops: await measureMatrixProduct(2) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...report, available: false, reason: `was found, but failed when it was used: ${message}` };
  }
}
