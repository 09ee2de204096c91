/** What the first run asks for, and what it makes of the answers. Pure, so that each rule has a test. */

import { lastPart } from "../../format/path";
import { aboutSize, size } from "../../format/size";
import type { Destination, Drive, FolderMeasure, SuggestedFolder } from "../../platform/bindings";
import { tidy } from "../folders/folder";
import { KEEP, keepWords } from "../plans/keep";

export interface Folder extends SuggestedFolder {
  /** Null until it has been added up. */
  measure: FolderMeasure | null;
  /** Why it cannot be. */
  problem: string | null;
}

export type DestinationKind = "drive" | "ssh" | "local";

export interface DestinationForm {
  kind: DestinationKind | null;
  drive: string | null;
  driveFolder: string;
  address: string;
  port: string;
  serverFolder: string;
  /** The private key ssh logs in with; empty: those it finds by itself. */
  sshKey: string;
  /** The Borg of the server, where it is not named `borg`. */
  remotePath: string | null;
  localFolder: string;
  /** Null while the person has not named it: then it follows the destination. */
  name: string | null;
}

export const EMPTY_DESTINATION: DestinationForm = {
  kind: null,
  drive: null,
  driveFolder: "alcove",
  address: "",
  port: "22",
  serverFolder: "./alcove",
  sshKey: "",
  remotePath: null,
  localFolder: "",
  name: null,
};

/** What the default plan keeps, in words. */
export const KEPT = keepWords(KEEP);

export function typedFolder(path: string): Folder {
  const tidied = tidy(path.trim());
  return { name: lastPart(tidied), path: tidied, kind: "other", chosen: true, measure: null, problem: null };
}

/** "5 folders, 139 GB.": "more than" where a count was stopped, no size before there is one. */
export function folderTotals(folders: readonly Folder[]): string {
  const chosen = folders.filter((folder) => folder.chosen);
  const counted = chosen.filter((folder) => folder.problem === null);
  const measured = counted.flatMap((folder) => folder.measure ?? []);
  const bytes = measured.reduce((sum, measure) => sum + measure.bytes, 0);
  const noun = chosen.length === 1 ? "folder" : "folders";
  if (measured.length < counted.length) return `${chosen.length} ${noun}, adding up…`;
  if (chosen.length === 0) return "No folders chosen.";
  const more = measured.some((measure) => !measure.complete) ? "more than " : "";
  return `${chosen.length} ${noun}, ${more}${size(bytes)}.`;
}

/** The bytes the first backup reads; null while a folder is not added up, or was too large to be. */
export function firstBytes(folders: readonly Folder[]): number | null {
  const chosen = folders.filter((folder) => folder.chosen && folder.problem === null);
  if (chosen.some((folder) => !folder.measure?.complete)) return null;
  return chosen.reduce((sum, folder) => sum + (folder.measure?.bytes ?? 0), 0);
}

/** "First backup: about 140 GB". */
export function firstBackup(folders: readonly Folder[]): string | null {
  const bytes = firstBytes(folders);
  return bytes === null ? null : `First backup: ${aboutSize(bytes)}`;
}

/** The drive that is chosen: the first until a person chooses. One that was chosen and is gone is none. */
export function driveOf(form: DestinationForm, drives: readonly Drive[]): Drive | undefined {
  return form.drive === null ? drives[0] : drives.find((drive) => drive.path === form.drive);
}

/** The local path a repository would get, to be looked at; null for a server or while it is not known. */
export function localPath(form: DestinationForm, drives: readonly Drive[]): string | null {
  if (form.kind === "drive") {
    const drive = driveOf(form, drives);
    const folder = form.driveFolder.trim().replace(/^\/+|\/+$/g, "");
    return drive && folder ? `${tidy(drive.path)}/${folder}` : null;
  }
  if (form.kind === "local") return tidy(form.localFolder.trim()) || null;
  return null;
}

export interface AddressProblem {
  field: "address" | "port" | "serverFolder";
  text: string;
}

export function addressProblem(form: DestinationForm): AddressProblem | null {
  const address = form.address.trim();
  if (address === "") return { field: "address", text: "Type the address of the server." };
  if (!/^([^\s@/:]+@)?([^\s@/:]+|\[[0-9a-fA-F:.]+\])$/.test(address)) {
    return { field: "address", text: "An address looks like marta@nas.local, without a folder or a port." };
  }
  const port = Number(form.port);
  if (!/^\d+$/.test(form.port) || port < 1 || port > 65_535)
    return { field: "port", text: "A number from 1 to 65535." };
  if (form.serverFolder.trim() === "") return { field: "serverFolder", text: "Type a folder on the server." };
  return null;
}

/** `ssh://user@host:port/./folder` from the login's folder, `ssh://user@host:port/abs` from the root. */
export function sshLocation(form: DestinationForm): string {
  const folder = tidy(form.serverFolder.trim());
  const path = folder.startsWith("/")
    ? folder
    : folder.startsWith("~")
      ? `/${folder}`
      : `/./${folder.replace(/^\.\//, "")}`;
  const port = form.port === "22" ? "" : `:${form.port}`;
  return `ssh://${form.address.trim()}${port}${path}`;
}

export function locationOf(form: DestinationForm, drives: readonly Drive[]): string | null {
  if (form.kind === "ssh") return addressProblem(form) ? null : sshLocation(form);
  return localPath(form, drives);
}

/** How ssh and the server's Borg are reached, as every operation takes it; nothing for a local place. */
export function wayOf(form: DestinationForm): { ssh_key?: string; remote_path?: string } {
  if (form.kind !== "ssh") return {};
  return {
    ...(form.sshKey !== "" && { ssh_key: form.sshKey }),
    ...(form.remotePath !== null && { remote_path: form.remotePath }),
  };
}

/** A name from the drive, the host, or the folder. */
export function suggestedName(form: DestinationForm, drives: readonly Drive[]): string {
  if (form.kind === "drive") return driveOf(form, drives)?.name ?? "";
  if (form.kind === "ssh") return form.address.trim().split("@").pop()?.split(".")[0] ?? "";
  const folder = form.localFolder.trim();
  return folder === "" || folder === "/" ? "" : lastPart(folder);
}

export function nameOf(form: DestinationForm, drives: readonly Drive[]): string {
  return form.name ?? suggestedName(form, drives);
}

/** What stands at a local destination, in a sentence; `usable` when a repository can be made there. */
export function destinationVerdict(found: Destination): { usable: boolean; text: string } {
  const free = found.free === null ? "" : ` ${size(found.free)} free.`;
  switch (found.state) {
    case "new":
      return { usable: true, text: `A new folder is made.${free}` };
    case "empty":
      return { usable: true, text: `The folder is empty.${free}` };
    case "repository":
      return {
        usable: false,
        text: "There is a Borg repository in this folder already. Choose another folder for a new one.",
      };
    case "not_empty":
      return {
        usable: false,
        text: "This folder holds other files. Choose an empty one, or add a folder name to the path.",
      };
    case "not_a_folder":
      return { usable: false, text: "This is a file, not a folder." };
    case "not_absolute":
      return { usable: false, text: "Type the whole path, from the first slash on." };
    case "not_writable":
      return { usable: false, text: "Alcove may not write here. Choose a folder of your own." };
  }
}

/** A name for the plan: what is backed up, in two or three words. */
export function planName(folders: readonly Folder[], home: string): string {
  const chosen = folders.filter((folder) => folder.chosen);
  const [only] = chosen;
  if (chosen.length === 1 && only) return only.name;
  return chosen.every((folder) => folder.path === home || folder.path.startsWith(`${home}/`))
    ? "Home folder"
    : "My folders";
}
