/** Engine `webgpu`: a GPU of any make through Dawn, Chromium's WebGPU, in the optional package webgpu. */
import { realpathSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../errors.ts';
import type { EngineDriver, MissingEngine, Probe } from './driver.ts';
import { firstLine, runInChild } from './runInChild.ts';
import { registerWebgpuBackend } from './webgpuBackend.ts';

// What package.json asks for; named in the way out.
const PACKAGE_VERSION = '0.6.2';

// Asks the package at the URL args[0] for an adapter and the adapter for a device.
const TRIAL = `
  const { create } = await import(args[0]);
  const adapter = await create([]).requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return null;
  await adapter.requestDevice();
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  return { vendor, architecture, device, description, isFallbackAdapter };`;

// Vulkan drivers that compute on the processor: SwiftShader, Mesa's llvmpipe and lavapipe, Windows' WARP.
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|microsoft basic render/i;

interface AdapterInfo {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  isFallbackAdapter?: boolean;
}

export interface WebgpuOptions {
  /** File or file URL from whose place the package is looked for. Default: this file. */
  root?: string;
  /** How long Dawn may take to answer. Default 20. */
  timeoutSeconds?: number;
}

/** The driver; the options are for its tests. */
export function webgpuDriver({ root, timeoutSeconds }: WebgpuOptions = {}): EngineDriver {
  return { name: 'webgpu', probe: () => probe(root ?? import.meta.url, timeoutSeconds ?? 20) };
}

async function probe(root: string, timeoutSeconds: number): Promise<Probe> {
  const found = findDawn(root);
  if (found === undefined) {
    return missing('is not installed', `npm install webgpu@${PACKAGE_VERSION}`);
  }
  const result = await runInChild(TRIAL, { args: [found.url], timeoutSeconds });
  if (result.kind !== 'value') {
    return missing(
      `does not load: webgpu ${found.version}: ${firstLine(result.message)}`,
      `update the graphics driver, or npm install webgpu@${PACKAGE_VERSION}`,
    );
  }
  if (result.value === null) {
    return missing(
      'found no GPU that it can use',
      process.platform === 'linux'
        ? "install the GPU's Vulkan driver and the loader libvulkan1; vulkaninfo must list the GPU"
        : "install the GPU's current graphics driver",
    );
  }
  const info = result.value as AdapterInfo;
  const software = info.isFallbackAdapter === true || SOFTWARE.test(Object.values(info).join(' '));
  return {
    available: true,
    device: nameAdapter(info),
    version: `tfjs-backend-webgpu ${backendVersion()}, Dawn in webgpu ${found.version}`,
    reason: software
      ? 'a software adapter: the processor poses as a GPU, only taken by name'
      : 'the GPU through WebGPU',
    software,
    prepare: () => prepare(found.url),
  };
}

async function prepare(url: string): Promise<void> {
  try {
    await registerWebgpuBackend(url);
  } catch (error) {
    const message = firstLine(error instanceof Error ? error.message : String(error));
    throw new InputError(
      `engine 'webgpu' does not start: ${message}: update the graphics driver or use --engine wasm.`,
    );
  }
}

function findDawn(root: string): { url: string; version: string } | undefined {
  try {
    const entry = realpathSync(createRequire(root).resolve('webgpu'));
    const { version } = JSON.parse(readFileSync(join(dirname(entry), 'package.json'), 'utf8')) as {
      version: string;
    };
    return { url: pathToFileURL(entry).href, version };
  } catch {
    return undefined;
  }
}

function nameAdapter({ vendor, architecture, device, description }: AdapterInfo): string {
  const named = [vendor, architecture].filter((part) => part !== '').join(' ');
  return description || device || named || 'unnamed GPU';
}

function backendVersion(): string {
  const require = createRequire(import.meta.url);
  return (require('@tensorflow/tfjs-backend-webgpu/package.json') as { version: string }).version;
}

function missing(reason: string, remedy: string): MissingEngine {
  return { available: false, reason, remedy };
}
