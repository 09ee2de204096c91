import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { open } from "../../test/screen";
import { PAGE_LINES } from "./book";

const pages = (platform: ReturnType<typeof open>["platform"]) =>
  platform.calls.filter(
    (call) => call.name === "stream_backup_logs" && (call.args as { limit: number }).limit === PAGE_LINES,
  );
const lines = () => screen.findAllByTestId("log-line");

describe("a log of a million lines", () => {
  it("fetches and draws only what is in sight", async () => {
    const { platform } = open("huge_log", "#/jobs/1");
    expect((await lines()).length).toBeLessThan(120);
    expect(pages(platform).length).toBeLessThanOrEqual(2);
    const log = document.querySelector<HTMLElement>(".log") as HTMLElement;
    for (const at of [1_000_000, 3_000_000, 4_500_000]) fireEvent.scroll(log, { target: { scrollTop: at } });
    await waitFor(() => expect(pages(platform).length).toBeGreaterThan(2));
    expect(pages(platform).length).toBeLessThanOrEqual(8);
    expect((await lines()).length).toBeLessThan(120);
  });

  it("is searched to its end, and the count grows on the way", async () => {
    const { user } = open("huge_log", "#/jobs/1");
    await lines();
    await user.type(screen.getByRole("searchbox", { name: "Search log" }), "shard-");
    await waitFor(
      () => expect(within(document.querySelector(".log-bar") as HTMLElement).getByText("3")).toBeVisible(),
      { timeout: 90_000 },
    );
    await user.keyboard("{Enter}");
    expect(await screen.findByText("1/3")).toBeVisible();
    expect(await screen.findByText("250008")).toBeVisible();
    await user.keyboard("{Shift>}{Enter}{/Shift}");
    expect(await screen.findByText("3/3")).toBeVisible();
  }, 120_000);

  it("steps to the next problem with N", async () => {
    const { user } = open("huge_log", "#/jobs/1");
    await lines();
    document.querySelector<HTMLElement>(".log")?.focus();
    await user.keyboard("n");
    await waitFor(() => expect(document.querySelector("[data-current]")).toHaveTextContent("9974"));
    await user.keyboard("n");
    await waitFor(() => expect(document.querySelector("[data-current]")).toHaveTextContent("19947"));
    await user.keyboard("{Shift>}n{/Shift}");
    await waitFor(() => expect(document.querySelector("[data-current]")).toHaveTextContent("9974"));
  });
});

describe("a log", () => {
  it("tells levels apart without colour", async () => {
    const { platform } = open("overview", "#/jobs");
    const failed = platform.state.jobs.find((job) => job.status === "failed");
    window.location.hash = `#/jobs/${failed?.id}`;
    await lines();
    expect(screen.getAllByTitle("Error")[0]).toHaveTextContent("E");
    expect(screen.getAllByTitle("Warning")[0]).toHaveTextContent("W");
  });

  it("is filtered by level", async () => {
    const { platform, user } = open("overview", "#/jobs");
    const failed = platform.state.jobs.find((job) => job.status === "failed");
    window.location.hash = `#/jobs/${failed?.id}`;
    await lines();
    await user.click(screen.getByRole("button", { name: "Level" }));
    await user.click(await screen.findByRole("menuitemradio", { name: "Errors" }));
    await waitFor(async () => expect(await lines()).toHaveLength(2));
    expect((await lines())[0]).toHaveTextContent("Connection closed by remote host");
    await user.click(screen.getByRole("button", { name: "Copy log" }));
    await waitFor(async () => expect((await navigator.clipboard.readText()).split("\n")).toHaveLength(2));
  });

  it("grows while the job runs, and following stops when one scrolls up", async () => {
    const { platform } = open("first_backup", "#/jobs/1");
    const total = () => Number(screen.getAllByTestId("log-line")[0]?.getAttribute("aria-setsize"));
    await lines();
    const before = total();
    act(() => platform.advance(5000));
    await waitFor(() => expect(total()).toBe(before + 5), { timeout: 3000 });
    const follow = screen.getByRole("button", { name: "Follow" });
    expect(follow).toHaveAttribute("aria-pressed", "true");
    const log = document.querySelector<HTMLElement>(".log") as HTMLElement;
    Object.defineProperty(log, "scrollHeight", { configurable: true, value: 8000 });
    fireEvent.scroll(log, { target: { scrollTop: 4000 } });
    fireEvent.scroll(log, { target: { scrollTop: 1000 } });
    await waitFor(() => expect(follow).toHaveAttribute("aria-pressed", "false"));
  });

  it("is saved, and says under which name", async () => {
    const { user } = open("huge_log", "#/jobs/1");
    await lines();
    await user.click(screen.getByRole("button", { name: "Save log…" }));
    expect(await screen.findByText("Saved backup_job_1_logs.txt")).toBeVisible();
  });

  it("that cannot be saved says why", async () => {
    const { platform, user } = open("huge_log", "#/jobs/1");
    await lines();
    platform.failNext("save_backup_logs", "file_failed", "The disk is full.");
    await user.click(screen.getByRole("button", { name: "Save log…" }));
    expect(await screen.findByText("The disk is full.")).toBeVisible();
  });
});
