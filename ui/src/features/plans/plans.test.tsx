import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { LEFT_OUT } from "../../platform/fake/plans";
import type { OperationName } from "../../platform/platform";
import { expectNoFaults, open } from "../../test/screen";
import { compressionChoices } from "./compression";
import { isOn, ownPatterns, PRESETS, withOwnPatterns, withPreset } from "./presets";

const show = (scenario: Parameters<typeof open>[0], hash: string) => {
  const opened = open(scenario, hash);
  const args = (name: OperationName) =>
    opened.platform.calls.filter((call) => call.name === name).map((call) => call.args);
  return { ...opened, args };
};
const editor = async (scenario: Parameters<typeof open>[0] = "protected", plan: number | "new" = 1) => {
  const opened = show(scenario, `#/plans/${plan}`);
  await screen.findByLabelText("Name");
  return opened;
};
const save = () => screen.getByRole("button", { name: "Save plan" });

describe("the plans", () => {
  it("are listed with repository, folders and last result, and lead to their editor", async () => {
    const { user } = show("overview", "#/plans");
    const list = await screen.findByRole("list", { name: "Plans" });
    const rows = within(list).getAllByRole("listitem");
    expect(rows.map((row) => row.querySelector(".strong")?.textContent)).toEqual([
      "Home folder",
      "Photo library",
      "Server configs",
      "Work projects",
    ]);
    expect(rows[1]).toHaveTextContent(/\/data\/Photos.*Storage Box.*Failed.*Today/);
    await expectNoFaults();
    await user.click(within(list).getByRole("link", { name: /Photo library/ }));
    expect(await screen.findByRole("heading", { level: 1, name: "Photo library" })).toBeVisible();
  });

  it("have an empty screen that says what fills it, and the Overview says so too", async () => {
    show("no_plans", "#/plans");
    expect(await screen.findByRole("heading", { name: "No plan yet" })).toBeVisible();
    expect(screen.getByRole("link", { name: "New plan" })).toHaveAttribute("href", "#/plans/new");
    await expectNoFaults();
    window.location.hash = "#/overview";
    expect(await screen.findByRole("heading", { name: "There is no plan" })).toBeVisible();
    await expectNoFaults();
  });

  it("that are not there say so", async () => {
    show("protected", "#/plans/99");
    expect(await screen.findByRole("heading", { name: "There is no plan 99" })).toBeVisible();
  });
});

it("folders are dropped on a plan while no question lies over it", async () => {
  const { platform, user } = await editor();
  act(() =>
    platform.drag({ type: "dropped", paths: ["/home/marta/Letters/", "/srv/www", "/srv/ends in a space "] }),
  );
  expect(await screen.findByRole("button", { name: "Remove /home/marta/Letters" })).toBeVisible();
  expect(screen.getByRole("button", { name: "Remove /srv/www" })).toBeVisible();
  const odd = screen.getAllByRole("button").map((button) => button.getAttribute("aria-label"));
  expect(odd).toContain("Remove /srv/ends in a space ");
  await user.click(screen.getByRole("link", { name: "Overview" }));
  await screen.findByRole("alertdialog");
  act(() => platform.drag({ type: "dropped", paths: ["/opt"] }));
  await user.click(screen.getByRole("button", { name: "Keep editing" }));
  expect(screen.queryByRole("button", { name: "Remove /opt" })).not.toBeInTheDocument();
});

describe("a new plan", () => {
  it("begins with what nearly everyone wants, and is made with the keyboard alone", async () => {
    const { user, args } = await editor("protected", "new");
    await expectNoFaults();
    const name = screen.getByLabelText("Name");
    name.focus();
    await user.keyboard("Letters");
    const path = screen.getByLabelText("Folder path");
    path.focus();
    await user.keyboard("/home/marta/Letters{Enter}");
    expect(await screen.findByRole("button", { name: "Remove /home/marta/Letters" })).toBeVisible();
    await user.keyboard("{Control>}s{/Control}");
    expect(await screen.findByText("Letters is made")).toBeVisible();
    expect(args("create_plan")).toEqual([
      {
        repository: 1,
        name: "Letters",
        source_directories: ["/home/marta/Letters"],
        exclude_patterns: LEFT_OUT,
        compression: "zstd,3",
        log_files: false,
        keep: { within: 0, last: 0, hourly: 0, daily: 7, weekly: 4, monthly: 6, yearly: 0 },
        compact: true,
        check: false,
        is_default: false,
        conditions: { on_ac_power: false, not_metered: false },
        hooks: [],
      },
    ]);
    expect(await screen.findByRole("link", { name: /Letters/ })).toBeVisible();
  });

  it("goes into the repository that is chosen", async () => {
    const { user, args } = await editor("protected", "new");
    await user.selectOptions(screen.getByLabelText("Repository"), "Office NAS");
    await user.selectOptions(screen.getByLabelText("Compression"), "None");
    await user.type(screen.getByLabelText("Name"), "Notes");
    await user.click(screen.getByRole("button", { name: "Add folder…" }));
    await screen.findByRole("button", { name: "Remove /home/marta/Letters" });
    await user.click(screen.getByRole("button", { name: "Make plan" }));
    await waitFor(() => expect(args("create_plan")[0]).toMatchObject({ repository: 3, compression: "none" }));
  });

  it("shows the engine's sentence at the field it is about, and goes there", async () => {
    const { user } = await editor("protected", "new");
    await user.click(screen.getByRole("button", { name: "Make plan" }));
    expect(await screen.findByText("A name is missing.")).toBeVisible();
    expect(screen.getByLabelText("Name")).toHaveFocus();
    await user.keyboard("Letters");
    await user.click(screen.getByRole("button", { name: "Make plan" }));
    expect(await screen.findByText("Choose at least one folder to back up.")).toBeVisible();
    expect(screen.queryByText("A name is missing.")).not.toBeInTheDocument();
    expect(screen.getByLabelText("Name")).toHaveValue("Letters");
    await expectNoFaults();
  });
});

describe("a plan that is changed", () => {
  it("is shown as it is, with what its folders hold", async () => {
    await editor();
    expect(screen.getByLabelText("Name")).toHaveValue("Home folder");
    expect(await screen.findByText("38.2 GB", { collapseWhitespace: true })).toBeVisible();
    expect(screen.getByRole("checkbox", { name: /^Caches/ })).toBeChecked();
    expect(screen.getByRole("checkbox", { name: /^Trash/ })).not.toBeChecked();
    expect(screen.getByRole("complementary", { name: "Summary" })).toHaveTextContent(
      "You can go back to any of the last 7 days, 4 weeks and 6 months.",
    );
    expect(screen.getByText(/A plan stays with its repository/)).toBeVisible();
    expect(save()).toBeDisabled();
    await expectNoFaults();
  });

  it("saves what is different: folders, what is left out, what is kept, and what follows", async () => {
    const { user, args } = await editor();
    await user.click(screen.getByRole("button", { name: "Remove /home/marta/Music" }));
    await user.click(screen.getByRole("checkbox", { name: /^Virtual machines/ }));
    await user.click(screen.getByRole("button", { name: "Patterns of your own" }));
    await user.type(screen.getByLabelText(/^Patterns of your own/), "sh:**/*.log{Enter}pp:/srv/tmp");
    await user.click(screen.getByRole("button", { name: "More: Years" }));
    await user.click(screen.getByRole("switch", { name: "Compact after removing" }));
    await user.click(screen.getByRole("switch", { name: "Check after each backup" }));
    await user.click(screen.getByRole("switch", { name: /^Name every new and changed file/ }));
    await user.click(screen.getByRole("switch", { name: "Switched on" }));
    expect(screen.getByText("Unsaved changes")).toBeVisible();
    await user.click(save());
    expect(await screen.findByText("Home folder is saved")).toBeVisible();
    expect(args("change_plan")[0]).toMatchObject({
      plan: 1,
      source_directories: ["Documents", "Pictures", "Projects", ".config"].map((f) => `/home/marta/${f}`),
      exclude_patterns: [
        "sh:**/.cache",
        "sh:**/*.qcow2",
        "sh:**/*.vdi",
        "sh:**/*.vmdk",
        "sh:**/*.vhdx",
        "sh:**/*.iso",
        "sh:**/*.log",
        "pp:/srv/tmp",
      ],
      keep: { within: 0, last: 0, hourly: 0, daily: 7, weekly: 4, monthly: 6, yearly: 1 },
      compact: false,
      check: true,
      log_files: true,
      enabled: false,
    });
    expect(await screen.findByText("Switched off")).toBeVisible();
  });

  it("has scripts around its backups, written, refused and removed with the keyboard", async () => {
    const { user, platform } = await editor();
    const scripts = screen.getByRole("region", { name: "Scripts" });
    screen.getByRole("button", { name: "Add a script" }).focus();
    await user.keyboard("{Enter}");
    expect(within(scripts).getByLabelText("Command")).toHaveFocus();
    await user.paste("~/bin/dump-databases.sh");
    await user.click(screen.getByRole("button", { name: "Add a script" }));
    const second = within(scripts).getByRole("group", { name: "Script 2" });
    await user.selectOptions(within(second).getByLabelText("When it runs"), "After it failed");
    await user.selectOptions(within(second).getByLabelText("Stopped after"), "1 hour");
    await user.click(within(second).getByLabelText("Command"));
    await user.paste("rm dump");
    await user.click(screen.getByRole("button", { name: "Add a script" }));
    await user.paste("x".repeat(10_001));
    await user.click(save());
    expect(await within(scripts).findByText(/^A script is longer than 10,000 bytes/)).toBeVisible();
    await expectNoFaults();
    await user.click(screen.getByRole("button", { name: "Remove script 3" }));
    await user.click(save());
    expect(await screen.findByText("Home folder is saved")).toBeVisible();
    const plan = (await platform.call("list_plans", {})).plans.find((each) => each.id === 1);
    expect(plan?.hooks).toEqual([
      { when: "before", command: "~/bin/dump-databases.sh", time_limit: 600 },
      { when: "failure", command: "rm dump", time_limit: 3600 },
    ]);
  });

  it("has a service told of its backups, at an address that is one", async () => {
    const { user, args } = await editor();
    const address = screen.getByLabelText("Health pings");
    expect(address).toHaveValue("");
    await user.type(address, "ping.example/4f0c");
    await user.click(save());
    expect(await screen.findByText(/^The address for health pings begins with/)).toBeVisible();
    expect(address).toHaveFocus();
    await expectNoFaults();
    await user.clear(address);
    await user.type(address, " https://ping.example/4f0c ");
    await user.click(save());
    expect(await screen.findByText("Home folder is saved")).toBeVisible();
    expect(args("change_plan").at(-1)).toMatchObject({ ping_url: "https://ping.example/4f0c" });
  });

  it("runs by itself when that is wished, and says when", async () => {
    const { user, args } = await editor();
    const when = screen.getByRole("region", { name: "When" });
    await user.selectOptions(within(when).getByLabelText("Back up"), "Every day");
    expect(await within(when).findByText(/^Next: (today|tomorrow), .*; .*; /)).toBeVisible();
    expect(screen.getByText(/^Every day at (18:00|6:00 PM)$/)).toBeVisible();
    await user.clear(within(when).getByLabelText("At"));
    await user.type(within(when).getByLabelText("At"), "25:00");
    expect(await within(when).findByText("This is no time of day.")).toBeVisible();
    await user.clear(within(when).getByLabelText("At"));
    await user.type(within(when).getByLabelText("At"), "7:30");
    await user.selectOptions(within(when).getByLabelText("Back up"), "On days of the week");
    await user.click(within(when).getByRole("checkbox", { name: "Friday" }));
    await expectNoFaults();
    await user.click(screen.getByRole("button", { name: "Save plan" }));
    await waitFor(() =>
      expect(args("change_plan")[0]).toMatchObject({ schedule: { cron: "30 7 * * 1,2,3,4" } }),
    );
  });

  it("waits for what it is told to, and says what is of no effect here", async () => {
    const { user, args } = await editor();
    const when = screen.getByRole("region", { name: "When" });
    expect(within(when).queryByRole("switch", { name: "Only on AC power" })).not.toBeInTheDocument();
    await user.selectOptions(within(when).getByLabelText("Back up"), "Every day");
    await user.click(within(when).getByRole("switch", { name: "Only on AC power" }));
    expect(screen.getByText(/It waits for AC power\.$/)).toBeVisible();
    expect(within(when).getByText("Has no effect here: Backup SSD is on this computer")).toBeVisible();
    await expectNoFaults();
    await user.click(save());
    await waitFor(() =>
      expect(args("change_plan")[0]).toMatchObject({
        conditions: { on_ac_power: true, not_metered: false },
      }),
    );
  });

  it("that goes to a server waits for its network too", async () => {
    const { user } = await editor("protected", 2);
    const when = screen.getByRole("region", { name: "When" });
    await user.selectOptions(within(when).getByLabelText("Back up"), "Every day");
    await user.click(within(when).getByRole("switch", { name: "Only on AC power" }));
    await user.click(within(when).getByRole("switch", { name: "Not on metered networks" }));
    expect(screen.getByText(/It waits for AC power and a network that is not metered\.$/)).toBeVisible();
    expect(within(when).queryByText(/Has no effect/)).not.toBeInTheDocument();
  });

  it("keeps every archive when nothing is removed", async () => {
    const { user, args } = await editor();
    await user.click(screen.getByRole("radio", { name: "Never" }));
    expect(screen.queryByRole("switch", { name: "Compact after removing" })).not.toBeInTheDocument();
    await user.click(save());
    await waitFor(() =>
      expect(args("change_plan")[0]).toMatchObject({
        keep: { within: 0, last: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 },
        compact: false,
      }),
    );
  });

  it("asks before unsaved changes are left, whichever way", async () => {
    const { user, args } = await editor();
    await user.type(screen.getByLabelText("Name"), " 2");
    await user.click(screen.getByRole("link", { name: "Jobs" }));
    const question = await screen.findByRole("alertdialog", { name: "Leave Home folder without saving?" });
    await waitFor(() => expect(screen.getByRole("button", { name: "Keep editing" })).toHaveFocus());
    expect(question).toBeVisible();
    expect(window.location.hash).toBe("#/plans/1");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("alertdialog")).not.toBeInTheDocument());
    expect(screen.getByLabelText("Name")).toHaveValue("Home folder 2");

    await user.keyboard("{Control>}1{/Control}");
    await user.click(await screen.findByRole("button", { name: "Discard changes" }));
    expect(await screen.findByRole("heading", { name: "Everything is protected" })).toBeVisible();
    expect(args("change_plan")).toEqual([]);
    await user.keyboard("{Control>}2{/Control}");
    expect(await screen.findByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();
  });

  it("is left without a question when nothing is changed, or all is discarded", async () => {
    const { user } = await editor();
    await user.type(screen.getByLabelText("Name"), " 2");
    await user.click(screen.getByRole("button", { name: "Patterns of your own" }));
    await user.type(screen.getByLabelText(/^Patterns of your own/), "*.log");
    await user.click(screen.getByRole("button", { name: "Discard" }));
    expect(screen.getByLabelText("Name")).toHaveValue("Home folder");
    expect(screen.queryByLabelText(/^Patterns of your own/)).not.toBeInTheDocument();
    await user.click(screen.getByRole("link", { name: "Close" }));
    expect(await screen.findByRole("list", { name: "Plans" })).toBeVisible();
  });

  it("keeps everything typed when it cannot be saved", async () => {
    const { platform, user } = await editor();
    platform.failNext("change_plan", "store_failed", "The disk is full.", ["Free some space."]);
    await user.type(screen.getByLabelText("Name"), " 2");
    await user.click(save());
    expect(await screen.findByText("The disk is full.")).toBeVisible();
    expect(screen.getByText("Free some space.")).toBeVisible();
    expect(screen.getByLabelText("Name")).toHaveValue("Home folder 2");
    await user.click(save());
    expect(await screen.findByText("Home folder 2 is saved")).toBeVisible();
  });

  it("says that a backup of it goes on as it was begun", async () => {
    await editor("protected_running");
    expect(screen.getByText(/goes on as it was begun/)).toBeVisible();
  });

  it("keeps what is being written when its job moves on", async () => {
    const { platform, user } = await editor("protected_running");
    await user.type(screen.getByLabelText("Name"), " 2");
    act(() => platform.advance(5 * 60_000));
    expect(screen.getByLabelText("Name")).toHaveValue("Home folder 2");
  });
});

describe("removing a plan", () => {
  const ask = async (user: ReturnType<typeof show>["user"]) =>
    user.click(await screen.findByRole("button", { name: "Remove plan…" }));

  it("says what stays, and takes it off the list", async () => {
    const { user, args } = await editor("protected", 2);
    await ask(user);
    const question = await screen.findByRole("alertdialog", { name: "Remove the plan Photo library?" });
    expect(question).toHaveTextContent(/archives in Storage Box stay, and so does the history/);
    await waitFor(() => expect(screen.getByRole("button", { name: "Keep plan" })).toHaveFocus());
    await expectNoFaults();
    await user.click(screen.getByRole("button", { name: "Remove plan" }));
    const list = await screen.findByRole("list", { name: "Plans" });
    await waitFor(() => expect(within(list).queryByText("Photo library")).not.toBeInTheDocument());
    expect(args("remove_plan")).toEqual([{ plan: 2 }]);
  });

  it("that is in use is refused, and says what to do", async () => {
    const { user } = await editor("protected_running");
    await ask(user);
    await user.click(await screen.findByRole("button", { name: "Remove plan" }));
    expect(await screen.findByText("A backup of Home folder has not ended.")).toBeVisible();
    expect(screen.getByText(/Cancel it or wait for its end/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Keep plan" }));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).not.toBeInTheDocument());
    expect(screen.getByLabelText("Name")).toBeVisible();
  });

  it("that was the last leads to an empty list, not to the first run", async () => {
    const { platform, user } = await editor("first_backup", 1);
    await act(() => platform.call("cancel_backup", { job_id: 1 }));
    act(() => platform.advance(3000));
    await ask(user);
    await user.click(await screen.findByRole("button", { name: "Remove plan" }));
    expect(await screen.findByRole("heading", { name: "No plan yet" })).toBeVisible();
  });
});

describe("words for the fields", () => {
  it("what a new plan leaves out is all behind presets", () => {
    expect(ownPatterns(LEFT_OUT)).toEqual([]);
    expect(PRESETS.filter((preset) => isOn(preset, LEFT_OUT)).map((preset) => preset.label)).toEqual([
      "Caches",
      "Trash",
      "Packages of projects",
      "Found fragments",
    ]);
  });

  it("own patterns and presets do not disturb one another", () => {
    const [caches, trash] = PRESETS;
    if (!caches || !trash) throw new Error("There are presets");
    let left: string[] = [];
    let before: string[] = [];
    // Typed letter by letter, it is the pattern of a preset for a moment.
    for (const end of "sh:**/Downloads/*.iso".split("").keys()) {
      const typed = ["sh:**/Downloads/*.iso".slice(0, end + 1)];
      left = withOwnPatterns(left, before, typed);
      before = typed;
    }
    expect(left).toEqual(["sh:**/Downloads/*.iso"]);
    const both = withOwnPatterns(withPreset(["*.iso"], caches, true), ["*.iso"], ["*.iso", "re:tmp$"]);
    expect(both).toEqual(["sh:**/.cache", "*.iso", "re:tmp$"]);
    expect(withPreset(both, caches, false)).toEqual(["*.iso", "re:tmp$"]);
    expect(ownPatterns(withPreset(both, trash, true))).toEqual(["*.iso", "re:tmp$"]);
  });

  it("a compression set elsewhere is one of the choices", () => {
    expect(compressionChoices("lzma,6").at(-1)?.[1]).toBe("Other (lzma,6)");
    expect(compressionChoices("lz4").map(([value]) => value)).not.toContain("lzma,6");
  });
});
