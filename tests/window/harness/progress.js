// What the page's words for progress mean.

import assert from "node:assert/strict";

const UNITS = { B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** The first number in a text: `1,234 of 20,000` is 1234. */
export function numberIn(text) {
  const found = text.match(/\d[\d,]*(\.\d+)?/);
  return found ? Number(found[0].replaceAll(",", "")) : Number.NaN;
}

/** The first size in a text, in bytes: `1.5 GB of 2 GB` is 1500000000. */
export function bytesIn(text) {
  const unit = text.match(/[\d.]\s*([kKMGT]?B)/)?.[1];
  assert.ok(unit, `a size: ${text}`);
  return numberIn(text) * UNITS[unit];
}

/** Fails unless the values move, at least at three distinct ones, and none is below one before it. */
export function rising(name, values) {
  for (let n = 1; n < values.length; n += 1) {
    assert.ok(values[n] >= values[n - 1], `${name} fell from ${values[n - 1]} to ${values[n]}`);
  }
  const distinct = [...new Set(values)];
  assert.ok(distinct.length >= 3, `${name} moves; it only said ${distinct.join(", ")}`);
}
