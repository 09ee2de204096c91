// A folder worth backing up, and the proof that it came back.

import assert from "node:assert/strict";
import { randomFillSync } from "node:crypto";
import { chmod, lstat, mkdir, open, readdir, readFile, readlink, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

const NAMES = [
  (n) => `letter ${n}.txt`,
  (n) => `foto-${n}-été.jpg`,
  (n) => `写真 ${n}.raw`,
  (n) => `line\nbreak ${n}`,
  (n) => `"quoted" 'name' ${n}`,
  (n) => `-rf ${n} $HOME \\ *`,
  (n) => `🗝️ key ${n}`,
];

/** Writes this many files of random bytes, which sum up to `bytes`, below a folder. */
export async function grow(folder, files, bytes) {
  // A few large ones hold a third; the rest differ in size around their mean.
  const large = Math.min(4, files - 1);
  const mean = Math.floor((bytes * 2) / 3 / (files - large));
  const block = Buffer.alloc(Math.max(2 * mean, 1));
  let left = bytes;
  for (let n = 0; n < files - large; n += 1) {
    const parent = join(folder, `folder ${n % 97}`, NAMES[n % NAMES.length](n % 11));
    if (n < 97 * 77) await mkdir(parent, { recursive: true });
    const size = Math.min(left, Math.floor(mean / 2) + ((n * 7919) % (mean + 1)));
    const content = randomFillSync(block, 0, size).subarray(0, size);
    await writeFile(join(parent, NAMES[(n * 3) % NAMES.length](n)), content);
    left -= size;
  }
  for (let n = 0; n < large; n += 1) {
    const size = n === large - 1 ? left : Math.floor(left / (large - n));
    await writeFile(join(folder, `film ${n}.mkv`), randomFillSync(Buffer.alloc(size)));
    left -= size;
  }
  await mkdir(join(folder, "empty"));
  await symlink("film 0.mkv", join(folder, "link to a film"));
  await chmod(join(folder, "film 0.mkv"), 0o600);
  await chmod(join(folder, "empty"), 0o750);
  await utimes(join(folder, "film 1.mkv"), 981_173_106.25, 981_173_106.25);
}

/**
 * Writes files of nothing but holes: long to read, nothing to store. Borg stops between two files, so that many
 * make a backup that takes its time and is cancelled soon.
 */
export async function growHoles(folder, files, bytes) {
  await mkdir(folder);
  for (let n = 0; n < files; n += 1) {
    const file = await open(join(folder, `take ${n}.mov`), "w");
    await file.truncate(Math.floor(bytes / files));
    await file.close();
  }
}

/** Fails unless two folders hold the same: names, kinds, modes, times to the nanosecond, and bytes. */
export async function assertSame(left, right) {
  const names = (await readdir(left)).sort();
  assert.deepEqual((await readdir(right)).sort(), names, `names in ${left}`);
  for (const name of names) {
    const [from, to] = [join(left, name), join(right, name)];
    const [was, is] = await Promise.all([from, to].map((path) => lstat(path, { bigint: true })));
    const told = (stat) => ({ mode: stat.mode, size: stat.isFile() && stat.size, mtime: stat.mtimeNs });
    assert.deepEqual(told(is), told(was), from);
    if (was.isDirectory()) {
      await assertSame(from, to);
    } else if (was.isSymbolicLink()) {
      assert.equal(await readlink(to), await readlink(from), from);
    } else {
      const [before, after] = await Promise.all([readFile(from), readFile(to)]);
      assert.ok(before.equals(after), `${from} came back with other bytes`);
    }
  }
}
