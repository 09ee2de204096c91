/** The way to a repository on the fake platform: one server, whose key is approved once. */
import type { ConnectionStep, HostKey, SshKey } from "../bindings";
import { badArgument, type Handlers, refused } from "./refusals";

const FINGERPRINT = "SHA256:8vZCg4vFvH0b1u0k5m0V4yqj0p6Qx5H3nF6cE2sW1zA";

export type ConnectionOperations = Pick<
  Handlers,
  "test_connection" | "trust_host_key" | "list_ssh_keys" | "make_ssh_key"
>;

export function connectionOperations(): ConnectionOperations {
  let known = false;
  const keys: SshKey[] = [];
  return {
    test_connection: ({ repository }) => {
      const nothing = {
        remote_path: null,
        found: null,
        free: null,
        upload_speed: null,
        first_backup_seconds: null,
      };
      if (repository.startsWith("/")) {
        const steps: ConnectionStep[] = [
          { kind: "folder", state: "good", sentence: "The folder is there and empty.", hint: null },
        ];
        return { ...nothing, good: true, steps, host_key: null, borg_version: null, found: "room" };
      }
      const key: HostKey = { kind: "ssh-ed25519", fingerprint: FINGERPRINT, known, expected: null };
      const steps: ConnectionStep[] = [
        { kind: "address", state: "good", sentence: "nas has the address 192.168.1.20.", hint: null },
        {
          kind: "port",
          state: "good",
          sentence: "An ssh server answers at port 22 (OpenSSH_9.2).",
          hint: null,
        },
      ];
      const shown = `${key.kind} ${key.fingerprint}`;
      if (!known) {
        const sentence = `This computer does not know the key of nas yet: ${shown}.`;
        const hint = "Compare the fingerprint with the one your provider shows, then approve it.";
        steps.push({ kind: "host_key", state: "failed", sentence, hint });
        return { ...nothing, good: false, steps, host_key: key, borg_version: null };
      }
      const sentence = `The server's key is the one this computer knows: ${shown}.`;
      steps.push({ kind: "host_key", state: "good", sentence, hint: null });
      steps.push(
        { kind: "login", state: "good", sentence: "The login works.", hint: null },
        { kind: "borg", state: "good", sentence: "Borg 1.4.1 is there.", hint: null },
        { kind: "space", state: "good", sentence: "1 TB are free.", hint: null },
        {
          kind: "speed",
          state: "good",
          sentence: "It takes 11 MB a second: the first backup takes about 4 hours.",
          hint: null,
        },
      );
      const found = repository.endsWith("/old-backup") ? "closed" : "room";
      return {
        ...nothing,
        good: true,
        steps,
        host_key: key,
        borg_version: "1.4.1",
        remote_path: "borg-1.4",
        found,
      };
    },
    trust_host_key: ({ fingerprint }) => {
      if (!fingerprint.startsWith("SHA256:"))
        throw badArgument("fingerprint", "The fingerprint must be the one that was shown.");
      if (fingerprint !== FINGERPRINT) throw refused("host_key_changed", "The server shows another key.");
      const written = !known;
      known = true;
      return { written };
    },
    list_ssh_keys: () => ({ keys }),
    make_ssh_key: ({ comment = "Alcove on desk" }) => {
      const path = `/home/ada/.ssh/alcove_ed25519${keys.length ? `_${keys.length}` : ""}`;
      const made: SshKey = {
        path,
        kind: "ssh-ed25519",
        comment,
        fingerprint: `SHA256:${"k".repeat(43)}`,
        locked: false,
        public: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA ${comment}`,
      };
      keys.push(made);
      return made;
    },
  };
}
