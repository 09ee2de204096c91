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

/** What moves is painted on this beat, all of it together: each frame more costs a software renderer as much again. */
export const second = beatEvery(1000);
export const minute = beatEvery(60_000);
