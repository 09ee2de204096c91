import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { OperationName } from "../../platform/platform";
import { expectNoFaults, open } from "../../test/screen";

const settings = async (scenario: Parameters<typeof open>[0] = "protected") => {
  const opened = open(scenario, "#/settings");
  await screen.findByRole("heading", { name: "General" });
  const args = (name: OperationName) =>
    opened.platform.calls.filter((call) => call.name === name).map((call) => call.args);
  return { ...opened, args };
};

afterEach(() => {
  delete document.documentElement.dataset.theme;
});

describe("the licences", () => {
  // Roles are looked for in a list of hundreds only where it is short.
  const show = async () => {
    const opened = await settings();
    await opened.user.click(screen.getByRole("button", { name: "Show licences" }));
    const field = await screen.findByLabelText("Find a name or a licence");
    await screen.findByText(/^\d{3} parts$/);
    return { ...opened, field };
  };

  it("name every part that is shipped, of both worlds", async () => {
    const { user, field } = await show();
    expect(field).toHaveFocus();
    for (const name of ["tauri", "rusqlite", "react-dom"]) expect(screen.getByText(name)).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(field).not.toBeInTheDocument());
    expect(screen.getByRole("button", { name: "Show licences" })).toHaveFocus();
  });

  it("are found by name or licence, and nothing found says so", async () => {
    const { user, field } = await show();
    await user.type(field, "react-dom");
    expect(await screen.findByText("2 parts")).toBeVisible();
    const rows = within(screen.getByRole("table")).getAllByRole("rowheader");
    expect(rows.map((row) => row.textContent)).toEqual(["@floating-ui/react-dom", "react-dom"]);
    await expectNoFaults();
    await user.clear(field);
    await user.type(field, "nowhere");
    expect(await screen.findByText(/No part has “nowhere”/)).toBeVisible();
    await expectNoFaults();
  });
});

describe("the diagnostics", () => {
  it("are saved and named, or say why not", async () => {
    const { user, platform } = await settings();
    const button = screen.getByRole("button", { name: "Save diagnostics" });
    await user.click(button);
    expect(await screen.findByText("The diagnostics are saved as alcove-diagnostics.txt")).toBeVisible();
    platform.failNext("save_diagnostics", "file_failed", "The stick is full.");
    await user.click(button);
    expect(await screen.findByText("The stick is full.")).toBeVisible();
    await expectNoFaults();
  });
});

describe("Settings", () => {
  it("have no accessibility fault, and only rows that do something", async () => {
    await settings();
    expect(screen.getAllByRole("heading", { level: 2 }).map((each) => each.textContent)).toEqual([
      "General",
      "Background",
      "Notifications",
      "Backups",
      "HTTP access",
      "About",
    ]);
    await expectNoFaults();
  });

  it("change the look at once and keep it", async () => {
    const { user, args } = await settings();
    const system = screen.getByRole("radio", { name: "System" });
    expect(system).toBeChecked();
    await user.click(screen.getByRole("radio", { name: "Dark" }));
    expect(document.documentElement.dataset.theme).toBe("dark");
    expect(args("change_settings")).toEqual([{ theme: "dark" }]);
    expect(await screen.findByText("Saved")).toBeVisible();
    await user.click(system);
    await waitFor(() => expect(document.documentElement.dataset.theme).toBeUndefined());
  });

  it("go back to what they were, and say why, when they cannot be kept", async () => {
    const { platform, user } = await settings();
    platform.failNext("change_settings", "store_failed", "The disk is full.");
    await user.click(screen.getByRole("switch", { name: "When a job is done" }));
    expect(await screen.findByText("The disk is full.")).toBeVisible();
    expect(screen.getByRole("switch", { name: "When a job is done" })).toBeChecked();
    expect(screen.queryByText("Saved")).not.toBeInTheDocument();
    await expectNoFaults();
  });

  it.each([
    ["When a job is done", { notify_success: false }],
    ["When a job ends with warnings", { notify_warnings: false }],
    ["Keep running when the window is closed", { background: true }],
    ["Start when you log in", { start_at_login: true }],
  ])("switch “%s”", async (name, change) => {
    const { user, args } = await settings();
    const before = (screen.getByRole("switch", { name }) as HTMLInputElement).checked;
    await user.click(screen.getByRole("switch", { name }));
    expect(args("change_settings")).toEqual([change]);
    await waitFor(() =>
      expect((screen.getByRole("switch", { name }) as HTMLInputElement).checked).toBe(!before),
    );
  });

  it("end Alcove, where there is no tray to do it", async () => {
    const { user, args } = await settings();
    await user.click(screen.getByRole("button", { name: "Quit Alcove" }));
    expect(args("quit")).toEqual([{}]);
  });

  it("keep quiet hours, which begin as a night", async () => {
    const { user, args } = await settings();
    expect(screen.queryByLabelText("From")).not.toBeInTheDocument();
    await user.click(screen.getByRole("switch", { name: "Quiet hours" }));
    const from = await screen.findByLabelText("From");
    expect(from).toHaveValue("22:00");
    expect(screen.getByLabelText("Until")).toHaveValue("07:00");
    await user.clear(from);
    await user.type(from, "9:30{Enter}");
    await waitFor(() =>
      expect(args("change_settings").at(-1)).toEqual({ quiet_hours: { from: "09:30", until: "07:00" } }),
    );
    expect(await screen.findByLabelText("From")).toHaveValue("09:30");
    await expectNoFaults();
    await user.click(screen.getByRole("switch", { name: "Quiet hours" }));
    expect(args("change_settings").at(-1)).toEqual({ quiet_hours: null });
    await waitFor(() => expect(screen.queryByLabelText("From")).not.toBeInTheDocument());
  });

  it("stay as they were set while an older answer comes", async () => {
    const { platform, user } = await settings();
    platform.state.delay = 300;
    // What is asked for now is answered before the change is kept.
    await user.click(screen.getByRole("switch", { name: "When a job is done" }));
    await waitFor(() => expect(platform.calls.at(-1)?.name).toBe("get_system"));
    await user.click(screen.getByRole("switch", { name: "Quiet hours" }));
    const from = await screen.findByLabelText("From");
    from.focus();
    await new Promise((done) => setTimeout(done, 800));
    expect(from).toHaveFocus();
  });

  it("say at the field what are no quiet hours", async () => {
    const { user, args } = await settings();
    await user.click(screen.getByRole("switch", { name: "Quiet hours" }));
    const from = await screen.findByLabelText("From");
    await user.clear(from);
    await user.type(from, "25:00{Enter}");
    expect(await screen.findByText("This is no time of day.")).toBeVisible();
    expect(from).toHaveAttribute("aria-invalid", "true");
    expect(args("change_settings")).toHaveLength(1);
    await user.clear(from);
    await user.type(from, "7:00{Enter}");
    expect(await screen.findByText(/must end at another time/)).toBeVisible();
    await expectNoFaults();
  });

  it("let the computer sleep and Borg take what it wants, where that is wished", async () => {
    const { user, args } = await settings();
    await user.click(screen.getByRole("switch", { name: "Keep the computer awake" }));
    await user.click(screen.getByRole("switch", { name: "Let other programs go first" }));
    await waitFor(() =>
      expect(args("change_settings")).toEqual([{ stay_awake: false }, { low_priority: false }]),
    );
    await waitFor(() =>
      expect(screen.getByRole("switch", { name: "Let other programs go first" })).not.toBeChecked(),
    );
  });

  it("say how many backups run at the same time, within bounds", async () => {
    const { user, args } = await settings();
    const field = screen.getByRole("textbox", { name: "Backups at the same time" });
    expect(field).toHaveValue("2");
    await user.click(screen.getByRole("button", { name: /^More: / }));
    await waitFor(() => expect(args("change_settings")).toEqual([{ lanes: 3 }]));
    await user.clear(field);
    await user.type(field, "99{Tab}");
    await waitFor(() => expect(args("change_settings").at(-1)).toEqual({ lanes: 16 }));
  });

  it("say how long a job waits for a locked repository", async () => {
    const { user, args } = await settings();
    const wait = screen.getByLabelText("Wait for a locked repository");
    expect(wait).toHaveDisplayValue("10 minutes");
    await user.selectOptions(wait, "1 hour");
    await waitFor(() => expect(args("change_settings")).toEqual([{ lock_wait_minutes: 60 }]));
  });

  it("say how long logs are kept, and how much they take", async () => {
    const { user, args } = await settings();
    expect(screen.getByLabelText("Keep logs for")).toHaveDisplayValue("A year");
    await user.selectOptions(screen.getByLabelText("Keep logs for"), "For ever");
    await user.selectOptions(screen.getByLabelText("All logs together"), "500 MB");
    await waitFor(() =>
      expect(args("change_settings")).toEqual([{ log_days: 0 }, { log_bytes: 500_000_000 }]),
    );
    expect(screen.getByLabelText("Keep logs for")).toHaveDisplayValue("For ever");
  });

  it("follow a change made elsewhere", async () => {
    const { platform } = await settings();
    await act(() => platform.call("change_settings", { notify_success: false }));
    await waitFor(() => expect(screen.getByRole("switch", { name: "When a job is done" })).not.toBeChecked());
  });
});

describe("Borg", () => {
  it("is shown with its path and version, and another is chosen by path", async () => {
    const { user, args } = await settings();
    expect(await screen.findByText("/usr/bin/borg, version 1.4.1")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Change Borg" }));
    await user.type(screen.getByLabelText("Path of another Borg"), "/opt/borg{Enter}");
    expect(await screen.findByText("/opt/borg, version 1.4.1, chosen by you")).toBeVisible();
    expect(screen.getByRole("button", { name: "Change Borg" })).toHaveFocus();
    await user.click(screen.getByRole("button", { name: "Change Borg" }));
    await expectNoFaults();
    await user.click(screen.getByRole("button", { name: "Use the Borg Alcove finds by itself" }));
    expect(await screen.findByText("/usr/bin/borg, version 1.4.1")).toBeVisible();
    expect(args("change_settings")).toEqual([{ borg_path: "/opt/borg" }, { borg_path: "" }]);
  });

  it("that is refused says why at the field", async () => {
    const { user } = await settings();
    await user.click(screen.getByRole("button", { name: "Change Borg" }));
    const field = screen.getByLabelText("Path of another Borg");
    await user.type(field, "bin/borg{Enter}");
    expect(await screen.findByText("bin/borg is not a full path.")).toBeVisible();
    expect(field).toHaveAttribute("aria-invalid", "true");
    expect(field).toHaveFocus();
  });

  it("that is too old is said in its row", async () => {
    const { user } = await settings();
    await user.click(screen.getByRole("button", { name: "Change Borg" }));
    await user.type(screen.getByLabelText("Path of another Borg"), "/opt/old/borg{Enter}");
    expect(await screen.findByText(/version 1\.1\.9\. Alcove needs 1\.2 or newer/)).toBeVisible();
    expect(screen.getByText("Chosen: /opt/old/borg")).toBeVisible();
    expect(screen.queryByText("Works")).not.toBeInTheDocument();
  });
});

describe("HTTP access", () => {
  const door = () => screen.findByRole("switch", { name: "Accept requests" });

  it("is off at first, and opens with a command to try", async () => {
    const { user, args } = await settings();
    expect(await door()).not.toBeChecked();
    expect(screen.queryByText(/^curl/)).not.toBeInTheDocument();
    await user.click(await door());
    expect(await screen.findByText("Open at http://127.0.0.1:8751")).toBeVisible();
    expect(screen.getByText(/^curl .*TOKEN/)).toBeVisible();
    expect(args("change_http_access")).toEqual([{ enabled: true }]);
    await expectNoFaults();
  });

  it("says that a port is taken, and moves to another", async () => {
    const { user } = await settings();
    await user.click(await door());
    const port = screen.getByRole("textbox", { name: "Port" });
    await user.clear(port);
    await user.type(port, "8080{Enter}");
    expect(await screen.findByText(/Port 8080 is used by another program/)).toBeVisible();
    const again = screen.getByRole("textbox", { name: "Port" });
    await user.clear(again);
    await user.type(again, "9000{Tab}");
    expect(await screen.findByText("Open at http://127.0.0.1:9000")).toBeVisible();
  });

  it("shows the engine's sentence at a port it refuses", async () => {
    const { user } = await settings();
    const port = await screen.findByRole("textbox", { name: "Port" });
    await user.clear(port);
    await user.type(port, "80{Enter}");
    expect(await screen.findByText("The port must be 1024 to 65535, not 80.")).toBeVisible();
    await user.clear(port);
    await user.type(port, "a door{Enter}");
    expect(await screen.findByText("A port is a number from 1024 to 65535.")).toBeVisible();
  });

  it("shows a new token once, and revokes it after a question", async () => {
    const { platform, user, args } = await settings();
    await user.type(await screen.findByLabelText("Name of a new token"), "Home Assistant{Enter}");
    const token = "1f".repeat(32);
    expect(await screen.findByText(token)).toBeVisible();
    expect(screen.getByText(new RegExp(`^curl .*${token}`))).toBeVisible();
    await expectNoFaults();
    await user.click(screen.getByRole("button", { name: "Copy token" }));
    expect(await navigator.clipboard.readText()).toBe(token);
    await user.click(screen.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByText(token)).not.toBeInTheDocument());

    const list = await screen.findByRole("list", { name: "Tokens" });
    expect(within(list).getByText("Home Assistant")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Revoke Home Assistant…" }));
    expect(await screen.findByRole("alertdialog")).toHaveTextContent("refused from now on");
    await waitFor(() => expect(screen.getByRole("button", { name: "Keep token" })).toHaveFocus());
    await user.click(screen.getByRole("button", { name: "Revoke token" }));
    await waitFor(() => expect(screen.queryByText("Home Assistant")).not.toBeInTheDocument());
    expect(args("revoke_access_token")).toEqual([{ id: 1 }]);
    expect(platform.state.tokens).toEqual([]);
  });

  it("wants a name for a token", async () => {
    const { user } = await settings();
    await user.click(await screen.findByRole("button", { name: "Create token" }));
    expect(await screen.findByText("A name is missing.")).toBeVisible();
    expect(screen.getByLabelText("Name of a new token")).toHaveFocus();
  });
});
