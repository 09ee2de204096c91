/**
 * What the UI needs from the world outside the page. Screens know this interface alone: inside the window Tauri
 * stands behind it, in tests and in a plain browser the fake does.
 */
import type { ApiError, Change, Operations } from "./bindings";

export type OperationName = keyof Operations;
export type Args<K extends OperationName> = Operations[K]["args"];
export type Answer<K extends OperationName> = Operations[K]["answer"];

/** Files and folders of the desktop: held over the window, taken away again, or let go. Paths are absolute. */
export type Drag = { type: "over" } | { type: "left" } | { type: "dropped"; paths: string[] };

export interface Platform {
  /** Runs one operation; rejects with a `PlatformError`. */
  call<K extends OperationName>(name: K, args: Args<K>): Promise<Answer<K>>;
  /** Hears of every change from now on, first of every job that has not ended. Returns how to stop. */
  watch(onChange: (change: Change) => void): () => void;
  /** Hears of what is dragged onto the window from now on. Returns how to stop. */
  watchDrags(onDrag: (drag: Drag) => void): () => void;
  /** The time now; a fake one can be moved. */
  now(): Date;
}

/** An operation that was not done, with the engine's own words for it. */
export class PlatformError extends Error implements ApiError {
  readonly code: ApiError["code"];
  readonly hints: string[];
  readonly retryable: boolean;
  readonly field: string | null;

  constructor(error: ApiError) {
    super(error.message);
    this.name = "PlatformError";
    this.code = error.code;
    this.hints = error.hints;
    this.retryable = error.retryable;
    this.field = error.field;
  }

  /** Whatever was thrown, as an error a screen can show. */
  static from(thrown: unknown): PlatformError {
    if (thrown instanceof PlatformError) return thrown;
    if (isApiError(thrown)) return new PlatformError(thrown);
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new PlatformError({
      code: "store_failed",
      message: message || "Alcove did not answer.",
      hints: [],
      retryable: true,
      field: null,
    });
  }
}

function isApiError(thrown: unknown): thrown is ApiError {
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    "code" in thrown &&
    "message" in thrown &&
    "hints" in thrown
  );
}
