/** What a measurement was made on. */
import { totalmem, type as systemType, release } from 'node:os';
import { hostProcessor } from '../src/engine/hostProcessor.ts';
import type { EngineReport } from '../src/engine/listEngines.ts';
import type { Python } from './python.ts';

export interface Machine {
  date: string;
  processor: string;
  memory: string;
  system: string;
  node: string;
  engines: string[];
  /** Packages of the peers, with versions. */
  peers: string[];
}

export function describeMachine(engines: readonly EngineReport[], { versions }: Python): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: hostProcessor(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${systemType()} ${release()}`,
    node: process.version,
    engines: engines.filter(({ available }) => available).map(({ name, version }) => `${name} (${version})`),
    peers: Object.entries(versions).map(([name, version]) => `${name} ${version}`),
  };
}

/** One paragraph for under a table. */
export function machineText({ date, processor, memory, system, node, engines, peers }: Machine): string {
  const against = peers.length > 0 ? `; against ${peers.join(', ')}` : '; no Python peers';
  return `Measured on ${date}: ${processor}, ${memory}, ${system}; Node ${node}, ${engines.join(', ')}${against}.`;
}
