/** A folder with packages of our own making in node_modules, to stand for what a user may have installed. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const OUR_MODULES = resolve(import.meta.dirname, '../../../node_modules');

export interface FakeProject {
  /** A file in the folder, to look for packages from. */
  root: string;
  /** Writes package `name`: its version, its index.js, and further files by relative path. */
  install(name: string, version: string, index: string, files?: Record<string, string>): void;
  /** Makes one of our own packages visible, as npm's sharing of one copy does. */
  link(name: string): void;
  remove(): void;
}

export function makeFakeProject(): FakeProject {
  const folder = mkdtempSync(join(tmpdir(), 'sonotag-engine-'));
  return {
    root: join(folder, 'index.js'),
    install(name, version, index, files = {}) {
      const manifest = JSON.stringify({ name, version, main: 'index.js' });
      for (const [path, text] of Object.entries({ 'package.json': manifest, 'index.js': index, ...files })) {
        const target = join(folder, 'node_modules', name, path);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, text);
      }
    },
    link(name) {
      const target = join(folder, 'node_modules', name);
      mkdirSync(dirname(target), { recursive: true });
      symlinkSync(join(OUR_MODULES, name), target, 'junction');
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
