import { expect, it } from "vitest";
import { addressProblem, EMPTY_DESTINATION, sshLocation } from "../first-run/setup";
import { isRemote } from "./connect";
import { locationAt, PROVIDERS, serverOf } from "./providers";

const provider = (id: string) => {
  const found = PROVIDERS.find((each) => each.id === id);
  if (!found) throw new Error(`no provider ${id}`);
  return found;
};

it.each([
  ["borgbase", "a1b2c3d4", "ssh://a1b2c3d4@a1b2c3d4.repo.borgbase.com/./repo", null],
  ["hetzner", "u123456-sub1", "ssh://u123456-sub1@u123456-sub1.your-storagebox.de:23/./alcove", "borg-1.4"],
  ["rsync-net", "fm1234", "ssh://fm1234@fm1234.rsync.net/./alcove", "borg14"],
  ["nas", "marta@nas.local", "ssh://marta@nas.local/volume1/backups/alcove", null],
])("%s with the account %s is %s", (id, account, location, remotePath) => {
  const server = serverOf(provider(id), ` ${account} `);
  expect(locationAt(server)).toBe(location);
  expect(server.remotePath).toBe(remotePath);
});

it.each(PROVIDERS)("$name fills both forms with the same place", (each) => {
  const { address, port, folder, remotePath } = serverOf(each, each.account.example);
  const form = { ...EMPTY_DESTINATION, address, port: String(port), serverFolder: folder, remotePath };
  expect(addressProblem(form)).toBeNull();
  expect(sshLocation(form)).toBe(locationAt({ address, port, folder, remotePath }));
  expect(isRemote(sshLocation(form))).toBe(true);
});

it.each(PROVIDERS)("$name without an account has no place yet", (each) => {
  expect(locationAt(serverOf(each, " "))).toBe("");
});
