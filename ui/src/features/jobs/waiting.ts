/** What a job waits for besides its turn, why, and whether it asks the person: in one place for every screen. */
import type { Job, WaitingFor } from "../../platform/bindings";
import { jobNoun } from "./job";

export interface Waiting {
  for: WaitingFor;
  /** The headline, with the job's name. */
  title: string;
  /** Why it waits and what makes it go on. */
  text: string;
  /** Beside a name that is known already. */
  short: string;
  /** In a column of a table. */
  word: string;
  /** Whether it goes on only when the person does something. */
  asks: boolean;
}

export function waitingOf(job: Job, name: string, repository: string): Waiting | null {
  if (job.phase === "ended") return null;
  switch (job.waiting_for) {
    case "passphrase":
      return {
        for: "passphrase",
        title: `${name} waits for its passphrase`,
        text: `The ${jobNoun(job)} starts as soon as you enter it.`,
        short: "Waits for its passphrase",
        word: "Passphrase",
        asks: true,
      };
    case "question":
      return {
        for: "question",
        title: `${name} waits for your answer`,
        text: job.error_message ?? `Borg asks whether ${repository} is the right repository.`,
        short: "Waits for your answer",
        word: "Your answer",
        asks: true,
      };
    case "host_key":
      return {
        for: "host_key",
        title: `${name} waits: the server is not known yet`,
        text: job.error_message ?? `This computer does not know the key of the server of ${repository}.`,
        short: "The server is not known yet",
        word: "Host key",
        asks: true,
      };
    case "keyring":
      return {
        for: "keyring",
        title: `${name} waits: the keyring is locked`,
        text: `The passphrase of ${repository} is in it. The ${jobNoun(job)} goes on by itself when the keyring is unlocked, or when you enter the passphrase here.`,
        short: "The keyring is locked",
        word: "Keyring",
        asks: true,
      };
    case "lock":
      return {
        for: "lock",
        title: `${name} waits: ${repository} is in use`,
        text: `${lockHolder(job) ?? "Another program holds the lock."} The ${jobNoun(job)} goes on by itself when the lock is released. How long Alcove waits is set in Settings.`,
        short: `${repository} is in use`,
        word: "Lock",
        asks: false,
      };
    default:
      return null;
  }
}

/** Who holds the lock since when, from the same sentence; over ssh Borg does not say it. */
function lockHolder(job: Job): string | null {
  return /Held by process .+? on \S+?(, since [^)]*\))?\.(?= |$)/.exec(job.error_message ?? "")?.[0] ?? null;
}

/** Where the lock is, from the engine's own sentence about it. */
export function lockPath(job: Job): string | null {
  return /The lock is (.+?)\.(?= [A-Z]|$)/.exec(job.error_message ?? "")?.[1] ?? null;
}
