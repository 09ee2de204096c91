import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { OperationName } from "../../platform/platform";
import { expectNoFaults, open } from "../../test/screen";

const show = (scenario: Parameters<typeof open>[0], hash: string) => {
  const opened = open(scenario, hash);
  const args = (name: OperationName) =>
    opened.platform.calls.filter((call) => call.name === name).map((call) => call.args);
  return { ...opened, args };
};
const page = async (id = 1, scenario: Parameters<typeof open>[0] = "repositories") => {
  const opened = show(scenario, `#/repositories/${id}`);
  await screen.findByRole("heading", { level: 2, name: "Storage" });
  return opened;
};
const press = (name: string | RegExp) => screen.getByRole("button", { name });

it("a new plan from a repository’s page begins with that repository", async () => {
  const { user, args } = await page(2);
  await user.click(screen.getByRole("link", { name: "New plan" }));
  expect(await screen.findByLabelText("Repository")).toHaveDisplayValue("Storage Box");
  await user.type(screen.getByLabelText("Name"), "Letters");
  await user.type(screen.getByLabelText("Folder path"), "/home/marta/Letters{Enter}");
  await user.click(press("Make plan"));
  await waitFor(() => expect(args("create_plan")[0]).toMatchObject({ repository: 2, name: "Letters" }));
});

it("says that its drive can be unplugged, and that of another says nothing", async () => {
  await page(1, "drive_done");
  expect(screen.getByText("You can unplug Backup SSD now")).toBeVisible();
  await expectNoFaults();
  window.location.hash = "#/repositories/2";
  await screen.findByRole("heading", { level: 1, name: "Storage Box" });
  expect(screen.queryByText(/You can unplug/)).not.toBeInTheDocument();
});

describe("the repositories", () => {
  it("are listed with place, encryption, size, plans, key and lock, and lead to their page", async () => {
    const { user } = show("repositories", "#/repositories");
    const list = await screen.findByRole("list", { name: "Repositories" });
    const [ssd, box, nas, old] = within(list).getAllByRole("listitem");
    await waitFor(() => expect(ssd).toHaveTextContent(/Backup SSDLocked.*1 plan.*repokey-blake2/));
    expect(ssd).toHaveTextContent(/Key never exported.*139\sGB/);
    expect(box).toHaveTextContent("Key exported on 3 February");
    expect(box).not.toHaveTextContent("Locked");
    expect(nas).toHaveTextContent(/2 plans.*Not encrypted/);
    expect(nas).not.toHaveTextContent("Key");
    await waitFor(() => expect(old).toHaveTextContent(/Locked.*No plan.*Not measured yet/));
    await expectNoFaults();
    await user.click(within(list).getByRole("link", { name: /Storage Box/ }));
    expect(await screen.findByRole("heading", { level: 1, name: "Storage Box" })).toBeVisible();
  });

  it("that cannot be read say why", async () => {
    const { platform } = show("repositories", "#/overview");
    await screen.findByRole("link", { name: "Repositories" });
    platform.failNext("get_repository", "store_failed", "The disk is gone.");
    window.location.hash = "#/repositories/1";
    expect(await screen.findByText("The disk is gone.")).toBeVisible();
    await expectNoFaults();
  });

  it("that are not there say so", async () => {
    show("repositories", "#/repositories/99");
    expect(await screen.findByRole("heading", { name: "There is no repository 99" })).toBeVisible();
  });
});

describe("a repository", () => {
  it("says whether it can be relied on", async () => {
    await page(1);
    expect(await screen.findByText("Passed")).toBeVisible();
    expect(screen.getByText("Never exported")).toBeVisible();
    expect(
      screen.getByText(/^Left behind by process 4187 of this computer, since .+ \(2 hours\)$/),
    ).toBeVisible();
    expect(screen.getByRole("link", { name: /Home folder/ })).toHaveAttribute("href", "#/plans/1");
    await expectNoFaults();
  });

  it("without encryption has no key to export, and one never checked says so", async () => {
    await page(3);
    expect(screen.getByText("Not encrypted")).toBeVisible();
    expect(screen.getByText("Never checked")).toBeVisible();
    expect(screen.queryByRole("button", { name: /key/i })).not.toBeInTheDocument();
  });

  it("shows its sizes as a line and as a table with the same numbers", async () => {
    const { user } = await page(1);
    expect(
      screen.getByRole("img", { name: /^26 sizes: .* on 17 September 2025, 139\sGB yesterday/ }),
    ).toBeVisible();
    await user.click(press("Show as table"));
    const table = screen.getByRole("table");
    expect(within(table).getAllByRole("row")).toHaveLength(27);
    await expectNoFaults();
    await user.click(screen.getByRole("radio", { name: "30 days" }));
    expect(within(table).getAllByRole("row").length).toBeLessThan(8);
  });

  it("is measured when asked, and then says when and how", async () => {
    const { user, args } = await page(4);
    expect(screen.getByText(/^Not measured yet/)).toBeVisible();
    await user.click(press("Measure now"));
    expect(await screen.findByText(/^Measured today/)).toBeVisible();
    expect(screen.getByText("A line needs two sizes. The next backup brings one.")).toBeVisible();
    expect(args("measure_repository")).toEqual([{ repository_id: 4 }]);
  });

  it("that wants its passphrase to be measured asks for it, and is measured then", async () => {
    const { platform, user, args } = await page(1);
    platform.failNext("measure_repository", "passphrase_needed", "Backup SSD wants its passphrase.");
    await user.click(press("Measure now"));
    await user.click(await screen.findByRole("button", { name: "Enter passphrase…" }));
    await user.type(await screen.findByLabelText("Passphrase"), "harbour{Enter}");
    expect(await screen.findByText(/^Measured today/)).toBeVisible();
    expect(args("unlock_repository")).toHaveLength(1);
    expect(args("measure_repository")).toHaveLength(2);
  });
});

describe("its key", () => {
  it("is exported as a recovery sheet or a file, and is no longer never exported", async () => {
    const { user, args } = await page(1);
    await user.click(press("Export key…"));
    expect(await screen.findByRole("radio", { name: "Recovery sheet" })).toBeChecked();
    await expectNoFaults();
    await user.click(screen.getByRole("radio", { name: "Key file" }));
    await user.click(press("Save…"));
    expect(await screen.findByText("The key is saved as Backup SSD key.txt")).toBeVisible();
    await waitFor(() => expect(screen.queryByText("Never exported")).not.toBeInTheDocument());
    expect(args("save_key")).toEqual([{ repository: 1, form: "file" }]);
  });

  it("stays open with the reason where it cannot be written", async () => {
    const { platform, user } = await page(1);
    await user.click(press("Export key…"));
    platform.failNext("save_key", "file_failed", "The stick is full.");
    await user.click(await screen.findByRole("button", { name: "Save…" }));
    expect(await screen.findByText("The stick is full.")).toBeVisible();
    expect(screen.getByText("Never exported")).toBeInTheDocument();
  });

  it("is verified with a passphrase, a wrong one said at once", async () => {
    const { user, args } = await page(1);
    await user.click(press("Verify an exported key…"));
    const field = await screen.findByLabelText("Passphrase");
    await user.type(field, "wrong");
    await user.click(press("Choose the key…"));
    expect(await screen.findByText("This passphrase does not open the key.")).toBeVisible();
    expect(field).toHaveFocus();
    await user.clear(field);
    await user.click(press("Choose the key…"));
    expect(await screen.findByText("Backup SSD key.txt opens the repository")).toBeVisible();
    await expectNoFaults();
    expect(args("verify_key")).toEqual([{ repository: 1, passphrase: "wrong" }, { repository: 1 }]);
  });
});

it("its passphrase is kept for as long as is chosen", async () => {
  const { user, args } = await page(1);
  const keep = screen.getByLabelText("Keep its passphrase");
  expect(keep).toHaveDisplayValue("In the keyring");
  await user.selectOptions(keep, "For one job");
  expect(await screen.findByText(/backups on a schedule wait for you/)).toBeVisible();
  expect(args("change_repository")).toEqual([{ repository_id: 1, keep_passphrase: "never" }]);
  await expectNoFaults();
});

it("is checked by itself, in parts where that is chosen", async () => {
  const { user, args } = await page(1);
  const often = screen.getByLabelText("Check by itself");
  expect(often).toHaveDisplayValue("Never");
  expect(screen.queryByLabelText("At a time")).not.toBeInTheDocument();
  await user.selectOptions(often, "Every 14 days");
  const part = await screen.findByLabelText("At a time");
  expect(part).toHaveDisplayValue("All of it");
  await user.selectOptions(part, "30 minutes at most");
  await waitFor(() => expect(part).toHaveDisplayValue("30 minutes at most"));
  await expectNoFaults();
  await user.selectOptions(often, "Never");
  await waitFor(() => expect(screen.queryByLabelText("At a time")).not.toBeInTheDocument());
  expect(args("change_repository")).toEqual([
    { repository_id: 1, check: { days: 14, minutes: null } },
    { repository_id: 1, check: { days: 14, minutes: 30 } },
    { repository_id: 1, check: null },
  ]);
});

describe("its lock", () => {
  it("that a process of this computer left behind is broken at once, beside who left it", async () => {
    const { user, args } = await page(1);
    expect(
      screen.getByText(/Left behind by process 4187 of this computer, since .+ \(2 hours\)/),
    ).toBeVisible();
    await expectNoFaults();
    await user.click(press("Break lock"));
    expect(await screen.findByText("Not locked")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Break lock" })).not.toBeInTheDocument();
    expect(args("break_repository_lock")).toEqual([{ repository_id: 1 }]);
  });

  it("of another computer is named, and over ssh there is nothing to break that nobody met", async () => {
    const { user } = await page(4);
    await user.click(press("Break lock…"));
    expect(await screen.findByRole("dialog")).toHaveTextContent("Held by process 77 on attic, since ");
    await user.click(press("Keep lock"));
    window.location.hash = "#/repositories/2";
    expect(await screen.findByText("On a server only Borg can tell")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Break lock…" })).not.toBeInTheDocument();
  });
});

it("a lock nobody here can judge goes only when the repository’s name is typed", async () => {
  const { user, args } = await page(4);
  await user.click(press("Break lock…"));
  const field = await screen.findByLabelText("Type Old disk to break its lock");
  await waitFor(() => expect(field).toHaveFocus());
  expect(press("Break lock")).toBeDisabled();
  await user.type(field, "Old{Enter}");
  expect(args("break_repository_lock")).toEqual([]);
  await expectNoFaults();
  await user.type(field, " disk{Enter}");
  expect(await screen.findByText("Not locked")).toBeVisible();
  expect(args("break_repository_lock")).toEqual([{ repository_id: 4, confirm: "Old disk" }]);
});

describe("the way to it", () => {
  it("is tested step by step, and an unknown key is shown and approved", async () => {
    const { user, args } = await page(2);
    await user.click(press("Test connection…"));
    const steps = await screen.findByRole("list", { name: "Steps of the test" });
    expect(within(steps).getAllByRole("listitem")).toHaveLength(3);
    expect(within(steps).getByText(/does not know the key of nas yet/)).toBeVisible();
    await expectNoFaults();
    await user.click(press("Approve this key"));
    expect(await screen.findByText(/The server's key is the one this computer knows/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Approve this key" })).not.toBeInTheDocument();
    expect(args("trust_host_key")).toHaveLength(1);
    expect(args("test_connection")).toHaveLength(2);
  });
});

describe("a repository that moved", () => {
  it("is used at its new place, and another one there changes nothing", async () => {
    const { user, args } = await page(4);
    await user.click(press("Moved…"));
    const field = await screen.findByLabelText("New place");
    expect(press("Use this place")).toBeDisabled();
    await user.clear(field);
    await user.type(field, "/mnt/other{Enter}");
    expect(await screen.findByText("Another repository stands at /mnt/other.")).toBeVisible();
    await expectNoFaults();
    await user.click(press("Choose folder…"));
    await waitFor(() => expect(field).toHaveValue("/home/marta/Letters"));
    await user.click(press("Use this place"));
    expect(await screen.findByText("Old disk is at its new place")).toBeVisible();
    expect(await screen.findByText("/home/marta/Letters")).toBeVisible();
    expect(args("move_repository").at(-1)).toEqual({ repository_id: 4, path: "/home/marta/Letters" });
  });

  it("asks for its passphrase where that is missing", async () => {
    const { platform, user, args } = await page(4);
    await user.click(press("Moved…"));
    const field = await screen.findByLabelText("New place");
    await user.clear(field);
    platform.failNext("move_repository", "passphrase_needed", "It wants its passphrase.");
    await user.type(field, "/mnt/new{Enter}");
    await user.type(await screen.findByLabelText("Passphrase"), "harbour{Enter}");
    await waitFor(() =>
      expect(args("move_repository").at(-1)).toEqual({
        repository_id: 4,
        path: "/mnt/new",
        passphrase: "harbour",
      }),
    );
  });
});
