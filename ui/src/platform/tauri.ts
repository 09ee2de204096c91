/** The platform inside the window: each operation is a Tauri command of the same name. */
import { Channel, invoke } from "@tauri-apps/api/core";
import type { Change } from "./bindings";
import { type Drag, type Platform, PlatformError } from "./platform";

/** A window that cannot hear the engine keeps trying: without it nothing on the screen moves. */
const RETRY_MS = 1000;

/** Opens a channel with a command of its own; returns how to stop hearing. */
function listen<T>(command: string, onMessage: (message: T) => void): () => void {
  let open = true;
  const channel = new Channel<T>();
  channel.onmessage = (message) => {
    if (open) onMessage(message);
  };
  const start = () => {
    if (open) invoke(command, { channel }).catch(() => setTimeout(start, RETRY_MS));
  };
  start();
  return () => {
    open = false;
  };
}

export const tauriPlatform: Platform = {
  async call(name, args) {
    try {
      return await invoke(name, args);
    } catch (thrown) {
      throw PlatformError.from(thrown);
    }
  },

  watch: (onChange) => listen<Change>("watch_changes", onChange),

  watchDrags: (onDrag) => listen<Drag>("watch_drops", onDrag),

  now: () => new Date(),
};
