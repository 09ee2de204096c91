/** Messages that belong to no place on the screen. An error stays until it is dismissed. */
import type { PlatformError } from "../platform/platform";

export interface Toast {
  id: number;
  tone: "completed" | "failed" | "completed_with_warnings";
  text: string;
  detail?: string;
}

const SHOWN_MS = 5000;

let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(all: readonly Toast[]): void {
  toasts = all;
  for (const listener of listeners) listener();
}

export const toastStore = {
  snapshot: () => toasts,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export function dismiss(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

function add(toast: Omit<Toast, "id">): number {
  const id = next++;
  // A third error says no more than two do.
  set([...toasts.slice(-2), { ...toast, id }]);
  return id;
}

export function toastDone(text: string): void {
  const id = add({ tone: "completed", text });
  setTimeout(() => dismiss(id), SHOWN_MS);
}

export function toastWarning(text: string, detail: string): void {
  add({ tone: "completed_with_warnings", text, detail });
}

export function toastError(text: string, error: PlatformError): void {
  add({ tone: "failed", text, detail: [error.message, ...error.hints].join(" ") });
}
