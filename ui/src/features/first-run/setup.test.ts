import { describe, expect, it } from "vitest";
import { scenarios } from "../../platform/fake/scenarios";
import { folderRefusal } from "../folders/folder";
import {
  addressProblem,
  destinationVerdict,
  EMPTY_DESTINATION,
  type Folder,
  folderTotals,
  locationOf,
  nameOf,
  planName,
  sshLocation,
} from "./setup";

const HOME = "/home/marta";
const folder = (path: string, bytes: number | null = 1e9, part: Partial<Folder> = {}): Folder => ({
  name: path.split("/").pop() ?? "",
  path,
  kind: "other",
  chosen: true,
  measure: bytes === null ? null : { path, bytes, files: 1, complete: true },
  problem: null,
  ...part,
});
const ssh = { ...EMPTY_DESTINATION, kind: "ssh" as const, address: "u1@box.example", port: "23" };
const { drives } = scenarios.several_drives();

describe("a typed folder", () => {
  const list = [folder(`${HOME}/Documents`)];
  it.each([
    ["", /Type a folder/],
    ["Documents", /whole path/],
    ["~/Documents", /whole path/],
    [`${HOME}/Documents`, /in the list already/],
    [`${HOME}/Documents/`, /in the list already/],
  ])("%j is refused with a sentence", (path, why) =>
    expect(
      folderRefusal(
        path,
        list.map((folder) => folder.path),
      ),
    ).toMatch(why),
  );
  it("that is new is taken", () =>
    expect(
      folderRefusal(
        "/srv/data",
        list.map((folder) => folder.path),
      ),
    ).toBeNull());
});

describe("the totals of the folders", () => {
  const spaced = (folders: Folder[]) => folderTotals(folders).replaceAll("\u00a0", " ");
  it("count what is chosen", () => {
    expect(spaced([folder("/a", 2e9), folder("/b", 3e9), folder("/c", 9e9, { chosen: false })])).toBe(
      "2 folders, 5.00 GB.",
    );
  });
  it("say when they are not known yet", () =>
    expect(spaced([folder("/a"), folder("/b", null)])).toBe("2 folders, adding up…"));
  it("say more than when a count was stopped", () => {
    const large = folder("/a", 12e9, { measure: { path: "/a", bytes: 12e9, files: 9, complete: false } });
    expect(spaced([large])).toBe("1 folder, more than 12.0 GB.");
  });
});

describe("a server", () => {
  it.each([
    ["./backups/thinkpad", "ssh://u1@box.example:23/./backups/thinkpad"],
    ["backups/thinkpad/", "ssh://u1@box.example:23/./backups/thinkpad"],
    ["/srv/backups", "ssh://u1@box.example:23/srv/backups"],
    ["~/backups", "ssh://u1@box.example:23/~/backups"],
  ])("with folder %s is %s", (serverFolder, location) =>
    expect(sshLocation({ ...ssh, serverFolder })).toBe(location),
  );
  it("leaves out the usual port", () => {
    expect(sshLocation({ ...ssh, port: "22", serverFolder: "/b" })).toBe("ssh://u1@box.example/b");
  });
  it.each([
    [{ address: "" }, "address"],
    [{ address: "box:/backups" }, "address"],
    [{ address: "two words" }, "address"],
    [{ port: "0" }, "port"],
    [{ port: "70000" }, "port"],
    [{ port: "22x" }, "port"],
    [{ serverFolder: " " }, "serverFolder"],
  ])("%j is not taken", (part, field) => expect(addressProblem({ ...ssh, ...part })?.field).toBe(field));
  it("may be a bare IPv6 address in brackets", () =>
    expect(addressProblem({ ...ssh, address: "u@[fe80::1]" })).toBeNull());
});

describe("a destination", () => {
  it("on a drive is a folder of the chosen one", () => {
    const form = {
      ...EMPTY_DESTINATION,
      kind: "drive" as const,
      drive: drives[1]?.path ?? "",
      driveFolder: "/alcove/",
    };
    expect(locationOf(form, drives)).toBe("/run/media/marta/Archive HDD/alcove");
    expect(nameOf(form, drives)).toBe("Archive HDD");
    // The drive that was chosen is gone: no other takes its place.
    expect(locationOf(form, drives.slice(0, 1))).toBeNull();
  });
  it("is named after the host or the folder until it is named by hand", () => {
    expect(nameOf(ssh, drives)).toBe("box");
    expect(nameOf({ ...EMPTY_DESTINATION, kind: "local", localFolder: "/srv/backups/" }, drives)).toBe(
      "backups",
    );
    expect(nameOf({ ...ssh, name: "Cellar" }, drives)).toBe("Cellar");
  });
  it("that is not complete has no location", () => {
    expect(locationOf(EMPTY_DESTINATION, drives)).toBeNull();
    expect(locationOf({ ...EMPTY_DESTINATION, kind: "drive" }, [])).toBeNull();
    expect(locationOf({ ...ssh, address: "" }, drives)).toBeNull();
  });
  it("is usable only where a repository can be made", () => {
    const found = { free: 1e9, same_drive_as_home: false };
    const usable = (
      ["new", "empty", "repository", "not_empty", "not_a_folder", "not_absolute", "not_writable"] as const
    ).filter((state) => destinationVerdict({ ...found, state }).usable);
    expect(usable).toEqual(["new", "empty"]);
  });
});

it("the plan is named after what it backs up", () => {
  expect(planName([folder(`${HOME}/Music`)], HOME)).toBe("Music");
  expect(planName([folder(`${HOME}/Music`), folder(`${HOME}/Documents`)], HOME)).toBe("Home folder");
  expect(planName([folder(`${HOME}/Music`), folder("/etc")], HOME)).toBe("My folders");
});
