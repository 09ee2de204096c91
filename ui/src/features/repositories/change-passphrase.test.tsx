import { act, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { expectNoFaults, open } from "../../test/screen";

const NEW = "velvet-otter-lantern-quiet";

const dialog = async (id = 1) => {
  const opened = open("repositories", `#/repositories/${id}`);
  const { user } = opened;
  await user.click(await screen.findByRole("button", { name: "Change passphrase…" }));
  const field = await screen.findByLabelText("New passphrase");
  const choose = async () => {
    await user.type(screen.getByLabelText("New passphrase"), NEW);
    await user.type(screen.getByLabelText("Repeat passphrase"), NEW);
    await user.click(screen.getByRole("checkbox", { name: /saved the passphrase/ }));
  };
  const change = () => screen.getByRole("button", { name: "Change passphrase" });
  const args = () =>
    opened.platform.calls.filter((call) => call.name === "change_passphrase").map((call) => call.args);
  return { ...opened, field, choose, change, args };
};

it("a passphrase is changed once it is repeated and saved elsewhere, and the key wants to be exported again", async () => {
  const { user, field, choose, change, args } = await dialog(2);
  expect(field).toHaveFocus();
  expect(change()).toBeDisabled();
  expect(change()).toHaveAccessibleDescription(/Choose a passphrase/);
  await user.type(field, "short");
  expect(screen.getByText("Weak")).toBeVisible();
  await user.clear(field);
  await choose();
  await expectNoFaults();
  await user.click(change());
  expect(await screen.findByText("Storage Box has a new passphrase")).toBeVisible();
  expect(screen.getByText(/is still locked by the old passphrase/)).toBeVisible();
  await expectNoFaults();
  expect(args()).toEqual([{ repository_id: 2, new_passphrase: NEW, remember_passphrase: true }]);
  await user.click(screen.getByRole("button", { name: "Export key…" }));
  expect(await screen.findByText("Export the key of Storage Box")).toBeVisible();
  await waitFor(() => expect(screen.getByText("Never exported")).toBeInTheDocument());
});

it("a passphrase is kept as the repository's was, until somebody says otherwise", async () => {
  const { platform, user, choose, change, args } = await dialog();
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  const again = async (keep_passphrase: "session" | "never") => {
    await act(() => platform.call("change_repository", { repository_id: 1, keep_passphrase }));
    await user.click(screen.getByRole("button", { name: "Change passphrase…" }));
    return screen.findByLabelText("New passphrase");
  };
  await again("never");
  expect(screen.queryByRole("checkbox", { name: /Remember/ })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await again("session");
  expect(screen.getByRole("checkbox", { name: /Remember/ })).not.toBeChecked();
  await choose();
  await user.click(change());
  expect(await screen.findByText("Backup SSD has a new passphrase")).toBeVisible();
  expect(screen.queryByText(/was not remembered/)).not.toBeInTheDocument();
  expect(args()).toEqual([{ repository_id: 1, new_passphrase: NEW, remember_passphrase: false }]);
});

it("a suggested passphrase is repeated by itself and can be read", async () => {
  const { user, field } = await dialog();
  await user.click(screen.getByRole("button", { name: "Suggest one" }));
  expect(field).toHaveAttribute("type", "text");
  expect(screen.getByLabelText("Repeat passphrase")).toHaveValue((field as HTMLInputElement).value);
});

it("a passphrase Alcove does not have is asked for, and a wrong one said at once", async () => {
  const { platform, user, choose, change, args } = await dialog();
  await choose();
  platform.failNext("change_passphrase", "passphrase_needed", "Backup SSD needs its passphrase.");
  await user.click(change());
  expect(await screen.findByText("Backup SSD needs its passphrase.")).toBeVisible();
  const current = screen.getByLabelText("Passphrase in use");
  await user.type(current, "wrong");
  await user.click(change());
  expect(await screen.findByText("The passphrase does not open Backup SSD.")).toBeVisible();
  await user.clear(current);
  await user.type(current, "harbour");
  await expectNoFaults();
  await user.click(change());
  expect(await screen.findByText("Backup SSD has a new passphrase")).toBeVisible();
  expect(args().at(-1)).toMatchObject({ passphrase: "harbour", new_passphrase: NEW });
});

it("what else still has the old passphrase is said", async () => {
  const { platform, user, choose, change } = await dialog();
  await choose();
  const changed = { passphrase_remembered: false, export_outdated: false, source_outdated: true };
  vi.spyOn(platform, "call").mockResolvedValueOnce(changed as never);
  await user.click(change());
  expect(await screen.findByText("Its passcommand still gives the old one")).toBeVisible();
  expect(screen.getByText("The passphrase was not remembered")).toBeVisible();
});
