/** What a job that went wrong says: its title, why, and whether another try or a passphrase is the way on. One that waits is `waiting.ts`'s. */
import { counted } from "../../format/count";
import type { ErrorCode, Job } from "../../platform/bindings";
import { isBackup } from "./job";
import { keptText } from "./stopping";

export interface JobProblem {
  title: string;
  text: string;
  tone: "danger" | "warnings";
  fix: "again" | "passphrase" | null;
}

const PASSPHRASE: readonly ErrorCode[] = ["passphrase_needed", "passphrase_wrong", "keyring_locked"];

/** The first sentence is the title, the rest says why: the engine writes them in this order. */
function split(message: string): [string, string] {
  const end = message.search(/[.!?](\s|$)/);
  if (end < 0) return [message, ""];
  return [message.slice(0, end), message.slice(end + 1).trim()];
}

export function problemOf(job: Job, name: string, repository: string): JobProblem | null {
  if (job.status === "failed") {
    const [title, why] = split(job.error_message ?? `${name} did not finish.`);
    const kept = job.kept_until ? `${keptText(job)}.` : "";
    const fix = job.error_code && PASSPHRASE.includes(job.error_code) ? "passphrase" : "again";
    return { title, text: [why, kept].filter(Boolean).join(" "), tone: "danger", fix };
  }
  const step = job.maintenance_status?.match(/^(\w+)_failed$/)?.[1];
  if (step) {
    const meanwhile =
      step === "check"
        ? `${repository} is checked again after the next backup.`
        : `Space in ${repository} is freed the next time.`;
    const text = job.error_message ?? meanwhile;
    return { title: `The archive is safe, ${step} failed`, text, tone: "warnings", fix: null };
  }
  if ((job.error_code === "plan_held" || job.error_code === "hook_failed") && job.error_message) {
    const [title, text] = split(job.error_message);
    return { title, text, tone: "warnings", fix: null };
  }
  if (job.status === "completed_with_warnings") {
    return {
      title: job.warnings > 0 ? counted(job.warnings, "warning") : "Borg had warnings",
      text:
        job.error_message ??
        (isBackup(job)
          ? "Some files were skipped or changed while they were read. Everything else is in the archive."
          : "The log has them."),
      tone: "warnings",
      fix: null,
    };
  }
  return null;
}
