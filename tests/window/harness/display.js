// A display of its own, and what it shows: Xvfb keeps its pixels in a file (`-fbdir`), as a window dump (XWDFile.h,
// version 7).

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Every so many pixels, in each direction, one is looked at. */
const STEP = 8;

export class Display {
  /** Starts one; its files go into this folder. */
  static async start(folder) {
    const display = new Display();
    const options = ["-displayfd", "3", "-screen", "0", "1180x760x24", "-fbdir", folder, "-nolisten", "tcp"];
    display.program = spawn("Xvfb", options, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    const [number] = await once(display.program.stdio[3], "data");
    display.name = `:${String(number).trim()}`;
    display.file = join(folder, "Xvfb_screen0");
    return display;
  }

  /** How light it is: the share of its pixels that are nearer to white than to black, and how many colours it has. */
  async look() {
    const dump = await readFile(this.file);
    const field = (place) => dump.readUInt32BE(place * 4);
    const [header, width, height, row, colours] = [0, 4, 5, 12, 19].map(field);
    const pixels = header + colours * 12;
    const seen = new Set();
    let [light, all] = [0, 0];
    for (let y = 0; y < height; y += STEP) {
      for (let x = 0; x < width; x += STEP) {
        const pixel = dump.readUInt32LE(pixels + y * row + x * 4) & 0xffffff;
        const [red, green, blue] = [pixel >> 16, (pixel >> 8) & 0xff, pixel & 0xff];
        seen.add(pixel);
        all += 1;
        if (0.2126 * red + 0.7152 * green + 0.0722 * blue > 127) light += 1;
      }
    }
    return { light: light / all, colours: seen.size };
  }

  async stop() {
    const ended = once(this.program, "exit");
    this.program.kill();
    await ended;
  }
}
