import { useSyncExternalStore } from "react";
import { usePlatform } from "../platform/context";
import { minute, second } from "./beat";

/** The time now: painted again each second while something is `live`, else each minute, for "Today" to stay true. */
export function useNow(live: boolean): Date {
  const platform = usePlatform();
  const beat = live ? second : minute;
  useSyncExternalStore(beat.subscribe, beat.count);
  return platform.now();
}
