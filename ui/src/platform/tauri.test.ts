import { beforeEach, expect, it, vi } from "vitest";
import type { Change } from "./bindings";
import { type Drag, PlatformError } from "./platform";

const invoke = vi.hoisted(() => vi.fn());
const channels = vi.hoisted(() => [] as { onmessage?: (change: unknown) => void }[]);
vi.mock("@tauri-apps/api/core", () => ({
  invoke,
  Channel: class {
    onmessage?: (change: unknown) => void;
    constructor() {
      channels.push(this);
    }
  },
}));

const { tauriPlatform } = await import("./tauri");

beforeEach(() => {
  invoke.mockReset();
  channels.length = 0;
});

it("an operation is a command with flat arguments", async () => {
  invoke.mockResolvedValue({ job_id: 7, status: "pending", message: "Backup job started" });
  await tauriPlatform.call("start_backup", { repository: "/backups", plan: 2 });
  expect(invoke).toHaveBeenCalledWith("start_backup", { repository: "/backups", plan: 2 });
});

it("an error arrives with its code and hints", async () => {
  invoke.mockRejectedValue({
    code: "disk_full",
    message: "Full.",
    hints: ["Free some."],
    retryable: true,
    field: null,
  });
  const error = await tauriPlatform.call("list_plans", {}).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(PlatformError);
  expect(error).toMatchObject({
    code: "disk_full",
    message: "Full.",
    hints: ["Free some."],
    retryable: true,
  });
});

it("what is dragged comes over a channel of its own", () => {
  invoke.mockResolvedValue(null);
  const heard: Drag[] = [];
  const stop = tauriPlatform.watchDrags((drag) => heard.push(drag));
  expect(invoke).toHaveBeenCalledWith("watch_drops", { channel: channels[0] });
  channels[0]?.onmessage?.({ type: "dropped", paths: ["/home/marta/Letters"] });
  stop();
  channels[0]?.onmessage?.({ type: "over" });
  expect(heard).toEqual([{ type: "dropped", paths: ["/home/marta/Letters"] }]);
});

it("a thrown text is an error too", async () => {
  invoke.mockRejectedValue("command list_plans not allowed");
  await expect(tauriPlatform.call("list_plans", {})).rejects.toThrow("command list_plans not allowed");
});

it("changes come over a channel until one stops listening", () => {
  invoke.mockResolvedValue(null);
  const heard: Change[] = [];
  const stop = tauriPlatform.watch((change) => heard.push(change));
  expect(invoke).toHaveBeenCalledWith("watch_changes", { channel: channels[0] });
  channels[0]?.onmessage?.({ type: "plans" });
  stop();
  channels[0]?.onmessage?.({ type: "plans" });
  expect(heard).toEqual([{ type: "plans" }]);
});
