import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  // The window loads the page from its own scheme, so nothing may be absolute.
  base: "./",
  clearScreen: false,
  server: { port: 1420, strictPort: true },
  build: {
    // macOS 13 brings Safari 16; WebKitGTK and WebView2 are newer.
    target: "safari16",
    outDir: "dist",
    // The CSP allows no `data:` styles or scripts; files of their own are also easier to look at.
    assetsInlineLimit: 0,
    // Read from the binary, not over a network: one file is as good as many.
    chunkSizeWarningLimit: 800,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    env: { TZ: "UTC" },
    css: false,
    // Whole screens with axe on a busy machine of two cores; a hang still ends.
    testTimeout: 30_000,
    pool: "threads",
    maxWorkers: 2,
  },
});
