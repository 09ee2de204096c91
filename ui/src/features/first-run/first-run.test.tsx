import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LEFT_OUT } from "../../platform/fake/plans";
import { expectNoFaults, open } from "../../test/screen";

const SECRET = "harbour quiet linen sixteen otter";

async function toDestination(scenario: Parameters<typeof open>[0] = "empty") {
  const opened = open(scenario);
  await screen.findByRole("checkbox", { name: /Documents/ });
  await opened.user.click(screen.getByRole("button", { name: "Continue" }));
  return opened;
}

async function onToPassphrase(user: ReturnType<typeof open>["user"]) {
  await user.click(screen.getByRole("button", { name: "Continue" }));
  await user.click(screen.getByRole("radio", { name: "Folder on this computer" }));
  await user.type(screen.getByLabelText("Folder for backups"), "/srv/backups");
  await waitFor(() => expect(screen.getByRole("button", { name: "Continue" })).toBeEnabled());
  await user.click(screen.getByRole("button", { name: "Continue" }));
}

async function toPassphrase(scenario: Parameters<typeof open>[0] = "empty") {
  const opened = open(scenario);
  await screen.findByRole("checkbox", { name: /Documents/ });
  await onToPassphrase(opened.user);
  return opened;
}

/** Goes on to the Overview with the key unsaved. */
async function later(user: ReturnType<typeof open>["user"]) {
  await user.click(await screen.findByRole("button", { name: "Later" }));
}

async function fill(user: ReturnType<typeof open>["user"]) {
  await user.type(screen.getByLabelText("Passphrase"), SECRET);
  await user.type(screen.getByLabelText("Repeat passphrase"), SECRET);
  await user.click(
    screen.getByRole("checkbox", { name: "I have saved the passphrase outside this computer" }),
  );
}

describe("folders", () => {
  it("are suggested, and their sizes come one after the other", async () => {
    open("empty");
    expect(await screen.findByRole("checkbox", { name: /Documents/ })).toBeChecked();
    expect(screen.getByRole("checkbox", { name: /Downloads/ })).not.toBeChecked();
    expect(screen.getByText(/5 folders, adding up… Caches/)).toBeVisible();
    expect(
      await screen.findByText(/5 folders, 139.GB\. Caches, trash and build output are left out\./),
    ).toBeVisible();
    await expectNoFaults();
  });

  it("that cannot be added up say why, and hold up no total", async () => {
    const { platform, user } = open("empty");
    await screen.findByText(/5 folders, 139.GB/);
    platform.failNext("measure_folder", "bad_argument", "/home/marta/Dokuments is not there.");
    await user.type(screen.getByRole("textbox", { name: "Folder path" }), "/home/marta/Dokuments{Enter}");
    expect(await screen.findByText("/home/marta/Dokuments is not there.")).toBeVisible();
    expect(screen.getByText(/6 folders, 139.GB/)).toBeVisible();
    await expectNoFaults();
  });

  it("are added by path, and refused with a sentence", async () => {
    const { user } = open("empty");
    await screen.findByRole("checkbox", { name: /Documents/ });
    const field = screen.getByRole("textbox", { name: "Folder path" });
    await user.type(field, "Letters{Enter}");
    expect(screen.getByText(/Type the whole path/)).toBeVisible();
    expect(field).toHaveValue("Letters");
    await user.clear(field);
    await user.type(field, "/home/marta/Letters{Enter}");
    expect(await screen.findByRole("checkbox", { name: /Letters/ })).toBeChecked();
    expect(field).toHaveValue("");
    expect(await screen.findByText(/more than 12\.0.GB/)).toBeVisible();
    await user.type(field, "/home/marta/Letters/{Enter}");
    expect(screen.getByText(/is in the list already/)).toBeVisible();
  });

  it("are added with the dialog", async () => {
    const { user } = open("empty");
    await user.click(await screen.findByRole("button", { name: "Add folder…" }));
    expect(await screen.findByRole("checkbox", { name: /Letters/ })).toBeChecked();
  });

  it("are dropped on the window, several at once, and one that is there already says so", async () => {
    const { platform } = open("empty");
    await screen.findByRole("checkbox", { name: /Documents/ });
    act(() => platform.drag({ type: "over" }));
    expect(screen.getByPlaceholderText("Let go to add it")).toBeVisible();
    act(() =>
      platform.drag({
        type: "dropped",
        paths: ["/home/marta/Letters", "/home/marta/Documents", "/home/marta/notes.txt"],
      }),
    );
    expect(await screen.findByRole("checkbox", { name: /Letters/ })).toBeChecked();
    expect(screen.getByRole("checkbox", { name: /notes\.txt/ })).toBeChecked();
    expect(screen.getByText("/home/marta/Documents is in the list already.")).toBeVisible();
    expect(screen.queryByPlaceholderText("Let go to add it")).not.toBeInTheDocument();
    await expectNoFaults();
  });

  it("must be chosen, and the button says so", async () => {
    const { user } = open("empty");
    await screen.findByRole("checkbox", { name: /Documents/ });
    for (const box of screen.getAllByRole("checkbox", { checked: true })) await user.click(box);
    expect(screen.getByRole("button", { name: "Continue" })).toBeDisabled();
    expect(screen.getByText("Choose at least one folder.")).toBeVisible();
  });
});

describe("archives", () => {
  const created = (platform: ReturnType<typeof open>["platform"]) =>
    platform.calls.find((call) => call.name === "create_repository")?.args;
  const box = () => screen.getByRole("checkbox", { name: "Remove archives as they age" });

  it("are removed as they age, unless one says otherwise", async () => {
    const { platform, user } = await toPassphrase();
    await fill(user);
    await user.click(screen.getByRole("button", { name: "Create and back up" }));
    await later(user);
    await screen.findByRole("heading", { name: "Your first backup is running" });
    expect(created(platform)).toMatchObject({
      keep: { within: 0, last: 0, hourly: 0, daily: 7, weekly: 4, monthly: 6, yearly: 0 },
    });
    expect(screen.getByText("Pruning")).toBeVisible();
    expect(screen.getByText("Compacting")).toBeVisible();
  });

  it("all stay where the box is not checked, and going back keeps the choice", async () => {
    const { platform, user } = open("empty");
    await screen.findByRole("checkbox", { name: /Documents/ });
    expect(box()).toBeChecked();
    expect(box()).toHaveAccessibleDescription(
      "Keeps the newest of 7 days, 4 weeks and 6 months. Unchecked, every archive stays.",
    );
    await user.click(box());
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await user.click(screen.getByRole("button", { name: "Back" }));
    expect(box()).not.toBeChecked();
    await onToPassphrase(user);
    await fill(user);
    await user.click(screen.getByRole("button", { name: "Create and back up" }));
    await later(user);
    await screen.findByRole("heading", { name: "Your first backup is running" });
    expect(created(platform)).not.toHaveProperty("keep");
    expect(screen.queryByText("Pruning")).not.toBeInTheDocument();
    act(() => platform.advance(10 * 60_000));
    expect(await screen.findByRole("heading", { name: "Everything is protected" })).toBeVisible();
  });
});

describe("a destination", () => {
  it("says why one cannot go on", async () => {
    const { user } = await toDestination();
    expect(screen.getByText("Choose where backups go.")).toBeVisible();
    await user.click(screen.getByRole("radio", { name: "Server over SSH" }));
    expect(screen.getByText("Type the address of the server.")).toBeVisible();
    await user.type(screen.getByLabelText("Address"), "marta@nas.local");
    expect(screen.getByLabelText("Repository name")).toHaveValue("nas");
    expect(screen.queryByRole("button", { name: "Continue" })).not.toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Test connection" })).toBeEnabled();
    await expectNoFaults();
  });

  it("on a server is tested, its key approved, and made with what the test learned", async () => {
    const { platform, user } = await toDestination();
    await user.click(screen.getByRole("radio", { name: "Server over SSH" }));
    await user.type(screen.getByLabelText("Address"), "marta@nas.local");
    await user.click(screen.getByRole("button", { name: "Make a key" }));
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    expect(await screen.findByText("Approve the server’s key first.")).toBeVisible();
    await user.click(await screen.findByRole("button", { name: "Approve this key" }));
    expect(await screen.findByText("Borg 1.4.1 is there.")).toBeVisible();
    await expectNoFaults();
    await user.click(screen.getByRole("button", { name: "Continue" }));
    // Going back and forth asks for no second test; another address does.
    await user.click(screen.getByRole("button", { name: "Back" }));
    expect(screen.getByRole("button", { name: "Continue" })).toBeEnabled();
    await user.type(screen.getByLabelText("Address"), "x");
    expect(screen.queryByText("Borg 1.4.1 is there.")).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    await user.click(await screen.findByRole("button", { name: "Continue" }));
    await fill(user);
    await user.click(screen.getByRole("button", { name: "Create and back up" }));
    await screen.findByRole("heading", { name: "Save the key" });
    expect(platform.calls.find((call) => call.name === "create_repository")?.args).toMatchObject({
      path: "ssh://marta@nas.localx/./alcove",
      ssh_key: "/home/ada/.ssh/alcove_ed25519",
      remote_path: "borg-1.4",
    });
  });

  it("at a known provider asks for the account alone, and says what is to be done there", async () => {
    const { platform, user } = await toDestination();
    await user.click(screen.getByRole("radio", { name: "Server over SSH" }));
    await user.selectOptions(screen.getByLabelText("Whose server"), "rsync.net");
    await user.type(screen.getByLabelText("User name"), "fm1234");
    expect(screen.getByLabelText("Address")).toHaveValue("fm1234@fm1234.rsync.net");
    expect(screen.getByRole("list", { name: "What rsync.net needs" })).toHaveTextContent(/authorized_keys/);
    await expectNoFaults();
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    await screen.findByRole("button", { name: "Approve this key" });
    expect(platform.calls.find((call) => call.name === "test_connection")?.args).toMatchObject({
      repository: "ssh://fm1234@fm1234.rsync.net/./alcove",
      remote_path: "borg14",
    });
  });

  it("on a server that holds a repository already is not taken", async () => {
    const { user } = await toDestination();
    await user.click(screen.getByRole("radio", { name: "Server over SSH" }));
    await user.type(screen.getByLabelText("Address"), "marta@nas.local");
    await user.clear(screen.getByLabelText("Folder on the server"));
    await user.type(screen.getByLabelText("Folder on the server"), "./old-backup");
    await user.click(screen.getByRole("button", { name: "Test connection" }));
    await user.click(await screen.findByRole("button", { name: "Approve this key" }));
    expect(
      await screen.findByText("There is a Borg repository already. Choose another folder."),
    ).toBeVisible();
    expect(screen.getByRole("button", { name: "Continue" })).toBeDisabled();
  });

  it("on a drive takes the drive's name", async () => {
    const { user } = await toDestination("several_drives");
    await user.click(screen.getByRole("radio", { name: "External drive" }));
    await user.click(screen.getByRole("radio", { name: /Archive HDD/ }));
    expect(screen.getByLabelText("Repository name")).toHaveValue("Archive HDD");
    expect(await screen.findByText(/A new folder is made/)).toBeVisible();
  });

  it("on this computer is looked at while it is typed", async () => {
    const { user } = await toDestination();
    await user.click(screen.getByRole("radio", { name: "Folder on this computer" }));
    const field = screen.getByLabelText("Folder for backups");
    await user.type(field, "/srv/old-backup");
    expect(await screen.findByText(/There is a Borg repository in this folder already/)).toBeVisible();
    expect(screen.getByRole("button", { name: "Continue" })).toBeDisabled();
    await user.clear(field);
    await user.type(field, "/srv/backups");
    expect(await screen.findByText(/On the same drive as your home folder/)).toBeVisible();
    expect(screen.getByRole("button", { name: "Continue" })).toBeEnabled();
  });

  it("keeps what was typed when one goes back and forth", async () => {
    const { user } = await toPassphrase();
    await user.click(screen.getByRole("button", { name: "Back" }));
    expect(screen.getByLabelText("Folder for backups")).toHaveValue("/srv/backups");
  });
});

describe("a passphrase", () => {
  const written = vi.fn();
  beforeEach(() => {
    for (const name of ["log", "info", "warn", "error", "debug"] as const) {
      vi.spyOn(console, name).mockImplementation(written);
    }
  });
  afterEach(() => void vi.restoreAllMocks());

  it("makes the repository, starts the backup and opens the Overview", async () => {
    const { platform, user } = await toPassphrase();
    await fill(user);
    await expectNoFaults();
    await user.click(screen.getByRole("button", { name: "Create and back up" }));
    await later(user);
    expect(await screen.findByRole("heading", { name: "Your first backup is running" })).toBeVisible();
    const created = platform.calls.find((call) => call.name === "create_repository");
    expect(created?.args).toMatchObject({
      name: "backups",
      path: "/srv/backups",
      passphrase: SECRET,
      plan_name: "Home folder",
      remember_passphrase: true,
      exclude_patterns: LEFT_OUT,
    });
    expect(platform.calls.find((call) => call.name === "start_backup")?.args).toEqual({
      repository: "/srv/backups",
      plan: 1,
    });

    // It went to the engine once, and nowhere else.
    const others = platform.calls.filter((call) => call.name !== "create_repository");
    expect(JSON.stringify(others)).not.toContain(SECRET);
    expect(window.location.href).not.toContain(encodeURIComponent(SECRET));
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain(SECRET);
    expect(document.documentElement.outerHTML).not.toContain(SECRET);
    expect(JSON.stringify(written.mock.calls)).not.toContain(SECRET);
  });

  it("keeps everything typed when the repository cannot be made", async () => {
    const { platform, user } = await toPassphrase();
    await fill(user);
    platform.failNext(
      "create_repository",
      "repository_not_writable",
      "Alcove may not write to /srv/backups.",
      ["Choose another folder."],
    );
    await user.click(screen.getByRole("button", { name: "Create and back up" }));
    const alert = await screen.findByText("The repository was not created");
    expect(alert).toBeVisible();
    expect(screen.getByText("Alcove may not write to /srv/backups.")).toBeVisible();
    expect(screen.getByText("Choose another folder.")).toBeVisible();
    expect(screen.getByLabelText("Passphrase")).toHaveValue(SECRET);
    expect(screen.getByLabelText("Repeat passphrase")).toHaveValue(SECRET);
    await user.click(screen.getByRole("button", { name: "Create and back up" }));
    await later(user);
    expect(await screen.findByRole("heading", { name: "Your first backup is running" })).toBeVisible();
  });

  it("opens the Overview also when only the start failed", async () => {
    const { platform, user } = await toPassphrase();
    await fill(user);
    platform.failNext("start_backup", "borg_not_started", "Borg did not start.");
    await user.click(screen.getByRole("button", { name: "Create and back up" }));
    await later(user);
    expect(await screen.findByRole("heading", { name: "1 plan is not protected yet" })).toBeVisible();
    expect(screen.getByText("The first backup did not start")).toBeVisible();
  });

  it("says step by step what is missing", async () => {
    const { user } = await toPassphrase();
    const create = screen.getByRole("button", { name: "Create and back up" });
    const says = (text: RegExp) => {
      expect(create).toBeDisabled();
      expect(screen.getByText(text)).toBeVisible();
    };
    says(/Choose a passphrase, or let Alcove suggest one/);
    await user.type(screen.getByLabelText("Passphrase"), "short");
    says(/at least 8 characters/);
    await user.type(screen.getByLabelText("Passphrase"), "er one");
    says(/Repeat the passphrase/);
    await user.type(screen.getByLabelText("Repeat passphrase"), "shorter");
    says(/The two passphrases differ/);
    await user.type(screen.getByLabelText("Repeat passphrase"), " one");
    says(/tick the box/);
    expect(create).toHaveAccessibleDescription(/tick the box/);
  });

  it("is suggested, shown and filled in twice", async () => {
    const { user } = await toPassphrase();
    await user.click(screen.getByRole("button", { name: "Suggest one" }));
    const field = screen.getByLabelText<HTMLInputElement>("Passphrase");
    expect(field.type).toBe("text");
    expect(field.value.split("-")).toHaveLength(6);
    expect(screen.getByLabelText("Repeat passphrase")).toHaveValue(field.value);
    const first = field.value;
    await user.click(screen.getByRole("button", { name: "Suggest another" }));
    expect(field.value).not.toBe(first);
    await user.click(screen.getByRole("button", { name: "Hide passphrase" }));
    expect(field.type).toBe("password");
  });

  it("is not remembered where there is no keyring, and it says why", async () => {
    await toPassphrase("no_keyring");
    const box = screen.getByRole("checkbox", { name: "Remember on this computer" });
    expect(box).toBeDisabled();
    expect(box).toHaveAccessibleDescription(/no keyring on this computer/);
  });
});

describe("the key", () => {
  const toKey = async () => {
    const opened = await toPassphrase();
    await fill(opened.user);
    await opened.user.click(screen.getByRole("button", { name: "Create and back up" }));
    await screen.findByRole("heading", { name: "Save the key" });
    return opened;
  };

  it("is saved while the first backup runs, in either form", async () => {
    const { platform, user } = await toKey();
    await expectNoFaults();
    expect(platform.calls.some((call) => call.name === "start_backup")).toBe(true);
    await user.click(screen.getByRole("radio", { name: "Key file" }));
    await user.click(screen.getByRole("button", { name: "Save key file…" }));
    expect(await screen.findByText("backups key.txt is saved")).toBeVisible();
    await user.click(screen.getByRole("radio", { name: "Recovery sheet" }));
    await user.click(screen.getByRole("button", { name: "Save another copy…" }));
    expect(await screen.findByText("backups recovery sheet.html is saved")).toBeVisible();
    await expectNoFaults();
    await user.click(screen.getByRole("button", { name: "Open the Overview" }));
    expect(await screen.findByRole("heading", { name: "Your first backup is running" })).toBeVisible();
  });

  it("may wait, which is said as what it is; one that was not saved says why", async () => {
    const { platform, user } = await toKey();
    expect(screen.getByText("Later leaves the only copy of the key in the repository.")).toBeVisible();
    platform.failNext("save_key", "file_failed", "The key could not be written to /media/stick.");
    await user.click(screen.getByRole("button", { name: "Save recovery sheet…" }));
    expect(await screen.findByText("The key could not be written to /media/stick.")).toBeVisible();
    await later(user);
    expect(await screen.findByRole("heading", { name: "Your first backup is running" })).toBeVisible();
  });
});

describe("without Borg", () => {
  it("there is the one command and a look again", async () => {
    const { platform, user } = open("no_borg");
    expect(await screen.findByRole("heading", { name: "Alcove needs Borg" })).toBeVisible();
    expect(screen.getByText("sudo apt install borgbackup")).toBeVisible();
    await expectNoFaults();
    platform.state.system = {
      ...platform.state.system,
      borg: { version: "1.4.1", path: "/usr/bin/borg", problem: null, install_command: null },
    };
    await user.click(screen.getByRole("button", { name: "Look again" }));
    expect(await screen.findByRole("heading", { name: "Welcome to Alcove" })).toBeVisible();
  });

  it("the command is copied", async () => {
    const { user } = open("no_borg");
    await user.click(await screen.findByRole("button", { name: "Copy command" }));
    expect(await navigator.clipboard.readText()).toBe("sudo apt install borgbackup");
  });
});

it("the steps tell where one is", async () => {
  await toDestination();
  const steps = within(screen.getByRole("list", { name: "Setup steps" })).getAllByRole("listitem");
  expect(steps.map((step) => step.getAttribute("aria-current"))).toEqual([null, "step", null, null]);
});
