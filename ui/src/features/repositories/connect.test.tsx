import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { OperationName } from "../../platform/platform";
import { expectNoFaults, open } from "../../test/screen";
import { isRemote, suggestedName } from "./connect";

const connect = async () => {
  const opened = open("protected", "#/repositories/connect");
  const place = await screen.findByLabelText("Place");
  const args = (name: OperationName) =>
    opened.platform.calls.filter((call) => call.name === name).map((call) => call.args);
  return { ...opened, place, args };
};
const press = (name: string) => screen.getByRole("button", { name });

describe("a repository that exists", () => {
  it("is looked into, shown with the plan that goes on with it, and connected", async () => {
    const { user, place, args } = await connect();
    expect(press("Connect")).toBeDisabled();
    expect(screen.getByText("Say where the repository is.")).toBeVisible();
    await expectNoFaults();
    await user.type(place, "/mnt/old/borg");
    await user.type(screen.getByLabelText("Passphrase"), "harbour");
    await user.click(press("Look inside"));
    expect(await screen.findByText("212")).toBeVisible();
    expect(screen.getByText("thinkpad-…, 210 archives")).toBeVisible();
    expect(screen.getByText(/also read a database through a pipe/)).toBeVisible();
    expect(screen.getByLabelText("Repository name")).toHaveValue("borg");
    await expectNoFaults();
    const plan = screen.getByLabelText("Plan name");
    await user.clear(plan);
    await user.type(plan, "Letters");
    await user.selectOptions(screen.getByLabelText("Compression"), "Fastest (lz4)");
    await user.click(screen.getByRole("button", { name: "Remove /home/marta/Pictures" }));
    await user.click(press("Connect"));
    expect(await screen.findByRole("heading", { level: 1, name: "borg" })).toBeVisible();
    expect(args("adopt_repository")).toEqual([
      expect.objectContaining({
        name: "borg",
        repository: "/mnt/old/borg",
        passphrase: "harbour",
        remember_passphrase: true,
        plan_name: "Letters",
        source_directories: ["/home/marta/Documents"],
        compression: "lz4",
      }),
    ]);
    expect(args("adopt_repository")[0]).not.toHaveProperty("keep");
  });

  it("is connected without a plan where none is wanted", async () => {
    const { user, place, args } = await connect();
    await user.type(place, "/mnt/old/borg{Enter}");
    await user.click(await screen.findByRole("switch", { name: "Make a plan like its newest backup" }));
    expect(screen.queryByLabelText("Plan name")).not.toBeInTheDocument();
    await user.click(press("Connect"));
    await waitFor(() =>
      expect(args("adopt_repository")).toEqual([
        {
          name: "borg",
          repository: "/mnt/old/borg",
          remember_passphrase: false,
          source_directories: [],
        },
      ]),
    );
  });

  it("is opened only after a person answered what Borg asks, and the answer goes with it", async () => {
    const { user, place, args } = await connect();
    await user.type(place, "/mnt/plain{Enter}");
    expect(await screen.findByText("Borg asks before it opens this repository")).toBeVisible();
    await expectNoFaults();
    await user.click(press("Yes, it is mine and not encrypted"));
    await user.click(await screen.findByRole("button", { name: "Connect" }));
    await waitFor(() =>
      expect(args("adopt_repository")[0]).toMatchObject({ confirm: ["unencrypted"], name: "plain" }),
    );
  });

  it("with a wrong passphrase says so, and what was found is forgotten when the place changes", async () => {
    const { user, place } = await connect();
    await user.type(place, "/mnt/old/borg");
    await user.type(screen.getByLabelText("Passphrase"), "wrong{Enter}");
    expect(await screen.findByText("This passphrase does not open the repository.")).toBeVisible();
    await user.clear(screen.getByLabelText("Passphrase"));
    expect(screen.queryByText("This passphrase does not open the repository.")).not.toBeInTheDocument();
    await user.click(press("Look inside"));
    expect(await screen.findByText("What is there")).toBeVisible();
    await user.type(place, "2");
    expect(screen.queryByText("What is there")).not.toBeInTheDocument();
    expect(press("Connect")).toBeDisabled();
  });

  it("that is typed half is asked about before another screen is shown", async () => {
    const { user, place } = await connect();
    await user.type(place, "/mnt/old");
    await user.click(screen.getByRole("link", { name: "Overview" }));
    expect(await screen.findByRole("heading", { name: "Leave without connecting it?" })).toBeVisible();
    await user.keyboard("{Escape}");
    expect(place).toHaveValue("/mnt/old");
    await user.click(screen.getByRole("link", { name: "Overview" }));
    await user.click(await screen.findByRole("button", { name: "Discard what is typed" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Everything is protected" })).toBeVisible();
  });

  it("that Alcove knows cannot be connected again", async () => {
    const { user, place } = await connect();
    await user.type(place, "/run/media/marta/Backup SSD/alcove{Enter}");
    expect(await screen.findByText("Alcove knows this repository as Backup SSD")).toBeVisible();
    expect(press("Connect")).toBeDisabled();
    await expectNoFaults();
  });

  it("on a server is tested, with a key made for it", async () => {
    const { user, place, args } = await connect();
    await user.type(place, "ssh://marta@nas/srv/borg");
    await user.click(await screen.findByRole("button", { name: "Make a key" }));
    expect(await screen.findByText(/^ssh-ed25519 AAAA/)).toBeVisible();
    await user.click(press("Test connection"));
    await user.click(await screen.findByRole("button", { name: "Approve this key" }));
    expect(await screen.findByText(/The server's key is the one this computer knows/)).toBeVisible();
    await expectNoFaults();
    await user.click(press("Look inside"));
    await screen.findByText("What is there");
    expect(args("inspect_repository")[0]).toEqual({
      remote_path: "borg-1.4",
      repository: "ssh://marta@nas/srv/borg",
      ssh_key: "/home/ada/.ssh/alcove_ed25519",
    });
    expect(screen.getByLabelText("Repository name")).toHaveValue("nas");
  });
});

it("the address of a known provider is filled in from the account, and its Borg asked for", async () => {
  const { user, place, args } = await connect();
  await user.selectOptions(screen.getByLabelText("Whose server"), "Hetzner Storage Box");
  expect(screen.getByText(/Switch on SSH support/)).toBeVisible();
  await user.type(screen.getByLabelText("User name of the box"), "u123456");
  expect(place).toHaveValue("ssh://u123456@u123456.your-storagebox.de:23/./alcove");
  await expectNoFaults();
  await user.type(place, "2");
  await user.click(press("Test connection"));
  await screen.findByRole("button", { name: "Approve this key" });
  expect(args("test_connection")[0]).toEqual({
    repository: "ssh://u123456@u123456.your-storagebox.de:23/./alcove2",
    remote_path: "borg-1.4",
  });
  // At another host nothing is known of its Borg.
  await user.clear(place);
  await user.type(place, "ssh://marta@nas/srv/borg");
  await user.click(press("Test connection"));
  await waitFor(() => expect(args("test_connection")[1]).toEqual({ repository: "ssh://marta@nas/srv/borg" }));
});

it("the first run connects a repository that is there already, and ends with it", async () => {
  const { user } = open("empty");
  await user.click(await screen.findByRole("button", { name: "I have a repository already" }));
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  await user.click(await screen.findByRole("button", { name: "I have a repository already" }));
  // What is typed is not lost by a slip.
  await user.type(await screen.findByLabelText("Place"), "/mnt");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await user.click(await screen.findByRole("button", { name: "Keep editing" }));
  expect(screen.getByLabelText("Place")).toHaveValue("/mnt");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await user.click(await screen.findByRole("button", { name: "Discard what is typed" }));
  await user.click(await screen.findByRole("button", { name: "I have a repository already" }));
  await user.type(await screen.findByLabelText("Place"), "/mnt/old/borg{Enter}");
  await screen.findByText("What is there");
  await expectNoFaults();
  await user.click(press("Connect"));
  expect(await screen.findByRole("heading", { level: 1, name: "borg" })).toBeVisible();
  expect(screen.getByRole("link", { name: "Repositories", current: "page" })).toBeVisible();
});

it.each([
  ["/mnt/old/borg", false, "borg"],
  ["ssh://marta@nas.lan:23/./borg", true, "nas"],
  ["marta@box.example.org:borg", true, "box"],
  ["", false, ""],
])("%s is told apart and named", (location, remote, name) => {
  expect(isRemote(location)).toBe(remote);
  expect(suggestedName(location)).toBe(name);
});
