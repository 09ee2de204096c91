/** The platform inside the window: each operation is a Tauri command of the same name. */
import { Channel, invoke } from "@tauri-apps/api/core";
import type { Change } from "./bindings";
import { type Platform, PlatformError } from "./platform";

/** A window that cannot hear the engine keeps trying: without it nothing on the screen moves. */
const RETRY_MS = 1000;

export const tauriPlatform: Platform = {
  async call(name, args) {
    try {
      return await invoke(name, args);
    } catch (thrown) {
      throw PlatformError.from(thrown);
    }
  },

  watch(onChange) {
    let open = true;
    const channel = new Channel<Change>();
    channel.onmessage = (change) => {
      if (open) onChange(change);
    };
    const start = () => {
      if (open) invoke("watch_changes", { channel }).catch(() => setTimeout(start, RETRY_MS));
    };
    start();
    return () => {
      open = false;
    };
  },

  now: () => new Date(),
};
