import { useSyncExternalStore } from "react";
import { usePlatform } from "../platform/context";

/** A beat that all who listen to it share; it stands still while nobody does. */
function beatEvery(ms: number) {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | null = null;
  let beats = 0;
  return {
    count: () => beats,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      timer ??= setInterval(() => {
        beats += 1;
        for (const each of listeners) each();
      }, ms);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || !timer) return;
        clearInterval(timer);
        timer = null;
      };
    },
  };
}

const second = beatEvery(1000);
const minute = beatEvery(60_000);

/** The time now: painted again each second while something is `live`, else each minute, for "Today" to stay true. */
export function useNow(live: boolean): Date {
  const platform = usePlatform();
  const beat = live ? second : minute;
  useSyncExternalStore(beat.subscribe, beat.count);
  return platform.now();
}
