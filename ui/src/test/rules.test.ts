/** Rules of the house that a compiler does not check. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).map((name) =>
  name.replaceAll("\\", "/"),
);
const text = (name: string) => readFileSync(join("src", name), "utf8");
const sources = files.filter(
  (name) => /\.tsx?$/.test(name) && !name.endsWith(".test.ts") && !name.endsWith(".test.tsx"),
);
const sheets = files.filter((name) => name.endsWith(".css") && name !== "styles/tokens.css");

describe("imports", () => {
  it("of Tauri are in platform/ alone", () => {
    expect(
      sources.filter((name) => text(name).includes("@tauri-apps/") && !name.startsWith("platform/")),
    ).toEqual([]);
  });
  it("of the fake platform are in platform/ and tests alone", () => {
    const wrong = sources.filter((name) => !name.startsWith("platform/") && !name.startsWith("test/"));
    expect(wrong.filter((name) => /from "[^"]*platform\/fake/.test(text(name)))).toEqual([]);
  });
  it("of components reach up to no feature", () => {
    const up = sources.filter((name) => name.startsWith("components/") && /features\//.test(text(name)));
    expect(up).toEqual([]);
  });
});

describe("a style sheet", () => {
  it.each(sheets)("%s reads tokens: no colour, no font size, no duration of its own", (name) => {
    const css = text(name).replace(/\/\*[\s\S]*?\*\//g, "");
    expect(css.match(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(|oklch\(/gi)).toBeNull();
    expect(css.match(/font-size:\s*[\d.]/g)).toBeNull();
    expect(css.match(/\b\d*\.?\d+m?s\b/g)).toBeNull();
  });
  it("loops nothing", () => {
    for (const name of sheets) expect(text(name)).not.toContain("infinite");
  });
});

it("nothing is kept in the browser and nothing is logged", () => {
  const kept = sources.filter((name) => /localStorage|sessionStorage|indexedDB|console\./.test(text(name)));
  expect(kept).toEqual([]);
});

it("no page or component has inline styles the CSP would refuse", () => {
  expect(readFileSync("index.html", "utf8")).not.toMatch(/style=|<style|onload=/);
  expect(sources.filter((name) => /dangerouslySetInnerHTML|<style/.test(text(name)))).toEqual([]);
});

describe("the packages of npm", () => {
  const folders = [".", "../tests/window"];
  const read = (folder: string, name: string) => readFileSync(join(folder, name), "utf8");
  interface Locked {
    version?: string;
    integrity?: string;
    link?: boolean;
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  }

  it("are each held to one version and its checksum", () => {
    for (const folder of folders) {
      const lock: { packages: Record<string, Locked> } = JSON.parse(read(folder, "package-lock.json"));
      const { "": own, ...packages } = lock.packages;
      const loose = Object.entries(packages).filter(
        ([, { version, integrity, link }]) => !version || !/^sha512-/.test(integrity ?? "") || link,
      );
      expect(loose).toEqual([]);
      const wished = Object.entries({ ...own?.dependencies, ...own?.devDependencies });
      expect(wished.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    }
  });

  it("run nothing when they are installed", () => {
    for (const folder of folders) expect(read(folder, ".npmrc")).toMatch(/^ignore-scripts=true$/m);
  });
});
