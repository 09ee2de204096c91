/**
 * A path in two halves for a middle ellipsis: the second half, the last folder and the file name, stays whole
 * while the first is cut by the layout.
 */
export function splitPath(path: string): [head: string, tail: string] {
  const file = path.lastIndexOf("/");
  if (file <= 0) return ["", path];
  const folder = path.lastIndexOf("/", file - 1);
  const cut = folder <= 0 ? file : folder;
  return [path.slice(0, cut), path.slice(cut)];
}

/** The last part of a path, for a name. */
export function lastPart(path: string): string {
  return path.replace(/\/+$/, "").split("/").pop() || path;
}

/** A path as people say it: folders of the home folder without it. */
export function underHome(path: string, home: string): string {
  return home && path.startsWith(`${home}/`) ? path.slice(home.length + 1) : path;
}
