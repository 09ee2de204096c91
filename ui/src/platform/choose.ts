import type { Platform } from "./platform";

/** The real platform inside the window, the fake one in a plain browser (`?scenario=` picks its state). */
export async function choosePlatform(): Promise<Platform> {
  if ("__TAURI_INTERNALS__" in window) return (await import("./tauri")).tauriPlatform;
  if (import.meta.env.PROD && !import.meta.env.VITE_FAKE)
    throw new Error("Alcove runs in its own window, not in a browser");
  const { FakePlatform } = await import("./fake");
  const { scenarioFromUrl } = await import("./fake/scenarios");
  const fake = new FakePlatform(scenarioFromUrl(window.location.search));
  fake.run();
  return fake;
}
