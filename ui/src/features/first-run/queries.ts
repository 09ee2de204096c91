import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Destination, Drive } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";
import { type Folder, typedFolder } from "./setup";

/** The folders of the list, each added up one after the other so that the disk reads one tree at a time. */
export function useFolders() {
  const platform = usePlatform();
  const [folders, setFolders] = useState<Folder[]>([]);
  const suggested = useQuery({
    queryKey: ["suggested"],
    queryFn: () => platform.call("suggest_folders", {}),
  });
  const excludes = suggested.data?.exclude_patterns;
  const busy = useRef(false);

  useEffect(() => {
    const found = suggested.data?.folders;
    if (found)
      setFolders((old) =>
        old.length > 0 ? old : found.map((folder) => ({ ...folder, measure: null, problem: null })),
      );
  }, [suggested.data]);

  useEffect(() => {
    if (busy.current) return;
    const next = folders.find((folder) => folder.measure === null && folder.problem === null);
    if (!next) return;
    busy.current = true;
    const put = (part: Partial<Folder>) => {
      busy.current = false;
      setFolders((all) => all.map((folder) => (folder.path === next.path ? { ...folder, ...part } : folder)));
    };
    platform
      .call("measure_folder", { path: next.path, ...(excludes && { exclude_patterns: excludes }) })
      .then(
        (measure) => put({ measure }),
        (thrown) => put({ problem: PlatformError.from(thrown).message }),
      );
  }, [folders, platform, excludes]);

  return {
    folders,
    excludes: excludes ?? [],
    loading: suggested.isPending,
    add: (paths: readonly string[]) => setFolders((all) => [...all, ...paths.map(typedFolder)]),
    choose: (path: string, chosen: boolean) =>
      setFolders((all) => all.map((folder) => (folder.path === path ? { ...folder, chosen } : folder))),
  };
}

export function useDrives(): { drives: Drive[]; loading: boolean; refresh: () => void } {
  const platform = usePlatform();
  const query = useQuery({
    queryKey: ["drives"],
    queryFn: async () => (await platform.call("list_drives", {})).drives,
    // A drive that is plugged in while this is open shows up by itself.
    refetchInterval: 5000,
  });
  return { drives: query.data ?? [], loading: query.isPending, refresh: () => void query.refetch() };
}

const TYPING_MS = 250;

/** What stands at a path, once the person has stopped typing. */
export function useDestination(path: string | null): { found: Destination | null; checking: boolean } {
  const platform = usePlatform();
  const [settled, setSettled] = useState(path);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(path), TYPING_MS);
    return () => clearTimeout(timer);
  }, [path]);
  const query = useQuery({
    queryKey: ["destination", settled],
    queryFn: () => platform.call("inspect_destination", { path: settled ?? "" }),
    enabled: settled !== null,
    staleTime: 0,
  });
  const current = settled === path && path !== null;
  return {
    found: (current && query.data) || null,
    checking: path !== null && (!current || query.isFetching),
  };
}
