/** One place that speaks to screen readers about jobs: polite, at most one sentence every 30 s; failures at once. */
export const GAP_MS = 30_000;

export interface Announcement {
  polite: string;
  assertive: string;
}

let current: Announcement = { polite: "", assertive: "" };
let lastPolite = Number.NEGATIVE_INFINITY;
const listeners = new Set<() => void>();

export const announcements = {
  snapshot: () => current,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function set(next: Announcement): void {
  current = next;
  for (const listener of listeners) listener();
}

/** Says a sentence; `urgent` ones (an end) are not held back by the gap. */
export function announce(text: string, now: number, urgent = false): void {
  if (!urgent && now - lastPolite < GAP_MS) return;
  lastPolite = now;
  set({ ...current, polite: text });
}

export function announceFailure(text: string): void {
  set({ ...current, assertive: text });
}
