/**
 * Who runs a server people keep repositories on, and what one has to know there. What is theirs to fill in is one
 * account; the rest of the address follows from it. Facts from the providers' own pages and Borg's manual of
 * `borg serve`, in our words; a test of the connection tells what is true of one server.
 */

export interface Provider {
  id: string;
  name: string;
  /** What the person has of them, as the provider calls it, and how it looks. */
  account: { label: string; example: string };
  /** The address of an account. */
  address: (account: string) => string;
  port: number;
  /** Where a repository goes, as the login sees it. */
  folder: string;
  /** The name of the Borg to ask for, where it is not `borg`. */
  remotePath: string | null;
  /** What must be done there first. */
  first: string;
  /** Which key goes where. */
  key: string;
  /** Whether archives can be kept from being removed from this computer. */
  appendOnly: string;
}

/** Append-only where the key's line in a file decides. */
const BY_KEYS_FILE = "Append-only: yes, by a command at the key’s line in that file.";

export const PROVIDERS: readonly Provider[] = [
  {
    id: "borgbase",
    name: "BorgBase",
    account: { label: "Repository ID", example: "a1b2c3d4" },
    address: (id) => `${id}@${id}.repo.borgbase.com`,
    port: 22,
    folder: "./repo",
    remotePath: null,
    first: "Make an empty repository on their site first; its ID is the start of the address they show.",
    key: "Add the public key under SSH keys in your account, then give it access to this repository.",
    appendOnly: "Append-only: yes, as the access you give the key.",
  },
  {
    id: "hetzner",
    name: "Hetzner Storage Box",
    account: { label: "User name of the box", example: "u123456" },
    // A sub-account has a host of its own.
    address: (user) => `${user}@${user}.your-storagebox.de`,
    port: 23,
    folder: "./alcove",
    remotePath: "borg-1.4",
    first: "Switch on SSH support for the box. Its port is 23, its Borg 1.4 is named borg-1.4.",
    key: "Add the public key in their console, or to .ssh/authorized_keys on the box.",
    appendOnly: BY_KEYS_FILE,
  },
  {
    id: "rsync-net",
    name: "rsync.net",
    account: { label: "User name", example: "fm1234" },
    address: (user) => `${user}@${user}.rsync.net`,
    port: 22,
    folder: "./alcove",
    remotePath: "borg14",
    first: "User and host are in their welcome mail. Their Borg 1.4 is named borg14 (any Borg 1: borg1).",
    key: "Add the public key to .ssh/authorized_keys there, with scp or ssh.",
    appendOnly: BY_KEYS_FILE,
  },
  {
    id: "nas",
    name: "NAS (Synology, QNAP, TrueNAS)",
    account: { label: "User and name of the NAS", example: "marta@nas.local" },
    address: (account) => account,
    port: 22,
    folder: "/volume1/backups/alcove",
    remotePath: null,
    first:
      "Switch on SSH and install Borg: a package on Synology, Entware on QNAP, a container on TrueNAS. The folder is the full path of a share.",
    key: "Add the public key to .ssh/authorized_keys in the home folder of this user.",
    appendOnly: BY_KEYS_FILE,
  },
];

/** A server as the fields of a form have it. */
export interface Server {
  address: string;
  port: number;
  folder: string;
  remotePath: string | null;
}

/** The server of an account; without an address while none is typed. */
export function serverOf(provider: Provider, account: string): Server {
  const { port, folder, remotePath } = provider;
  const typed = account.trim();
  return { address: typed === "" ? "" : provider.address(typed), port, folder, remotePath };
}

/** The location of a server's repository; empty while there is no account. */
export function locationAt({ address, port, folder }: Server): string {
  if (address === "") return "";
  return `ssh://${address}${port === 22 ? "" : `:${port}`}/${folder.replace(/^\//, "")}`;
}
