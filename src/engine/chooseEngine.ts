/** Which engine `auto` takes, and why not a faster one. */
import type { AvailableEngine, EngineDriver, EngineName } from './driver.ts';

export interface Choice {
  name: EngineName;
  engine: AvailableEngine;
  /** One line for the user. */
  reason: string;
}

/**
 * Takes the first of the drivers, fastest first, whose engine is there and computes on hardware of its own kind.
 * Those after it are not looked at.
 *
 * @throws Error if none is there
 */
export async function chooseEngine(drivers: readonly EngineDriver[]): Promise<Choice> {
  const passedOver: string[] = [];
  for (const { name, probe } of drivers) {
    const engine = await probe();
    if (engine.available && !engine.software) {
      return { name, engine, reason: [engine.reason, ...passedOver].join('; ') };
    }
    passedOver.push(
      engine.available
        ? `${name} has only a software adapter (${engine.device})`
        : `${name} ${engine.reason}`,
    );
  }
  throw new Error(`no engine is available: ${passedOver.join('; ')}.`);
}
