/** A repository to connect while it is written: what the fields hold, and what is asked of the engine for it. */
import { lastPart } from "../../format/path";
import type {
  AdoptRepository,
  Confirm,
  ErrorCode,
  InspectedRepository,
  InspectRepository,
} from "../../platform/bindings";
import { newForm, type PlanForm } from "../plans/form";

export interface ConnectForm {
  location: string;
  /** The private key ssh logs in with; empty: those it finds by itself. */
  sshKey: string;
  passphrase: string;
  remember: boolean;
  /** The questions of Borg that were answered with yes. */
  confirm: Confirm[];
  /** The Borg of the server, where a test found it under another name. */
  remotePath: string | null;
}

export const EMPTY: ConnectForm = {
  location: "",
  sshKey: "",
  passphrase: "",
  remember: true,
  confirm: [],
  remotePath: null,
};

/** Whether a location is reached over ssh. */
export const isRemote = (location: string) => /^ssh:\/\/|^[^/\s]+:/.test(location.trim());

/** What reaches a repository, as every operation of its kind takes it. */
export function reach(form: ConnectForm): InspectRepository {
  const remote = isRemote(form.location);
  return {
    repository: form.location.trim(),
    ...(form.passphrase !== "" && { passphrase: form.passphrase }),
    ...(remote && form.sshKey !== "" && { ssh_key: form.sshKey }),
    ...(remote && form.remotePath !== null && { remote_path: form.remotePath }),
    ...(form.confirm.length > 0 && { confirm: form.confirm }),
  };
}

/** The question behind an error, to be answered by a person. */
export function questionOf(code: ErrorCode): Confirm | null {
  if (code === "repository_unconfirmed") return "unencrypted";
  return code === "repository_relocated" ? "relocated" : null;
}

/** The host of a location over ssh; empty for a folder. */
export function hostOf(location: string): string {
  if (!isRemote(location)) return "";
  return /^(?:ssh:\/\/)?(?:[^@/\s]+@)?([^:/\s]+)/.exec(location.trim())?.[1] ?? "";
}

/** A name from the host or the folder. */
export function suggestedName(location: string): string {
  return isRemote(location) ? (hostOf(location).split(".")[0] ?? "") : lastPart(location.trim());
}

/** The plan that is proposed, as the plan editor has it. Old archives stay unless the person says otherwise. */
export function planOf(found: InspectedRepository): PlanForm | null {
  const { plan } = found;
  if (!plan) return null;
  const [first] = plan.source_directories;
  return {
    ...newForm(null, plan.exclude_patterns, true),
    name: first ? lastPart(first) : "Backup",
    sources: plan.source_directories,
    compression: plan.compression,
    removesOld: false,
  };
}

/** What adopts it; without a plan form no plan is made. */
export function adoptArgs(form: ConnectForm, name: string, plan: PlanForm | null): AdoptRepository {
  const common = {
    ...reach(form),
    name: name.trim(),
    remember_passphrase: form.remember && form.passphrase !== "",
  };
  if (!plan) return { ...common, source_directories: [] };
  return {
    ...common,
    plan_name: plan.name.trim(),
    source_directories: plan.sources,
    exclude_patterns: plan.excludes,
    compression: plan.compression,
    ...(plan.removesOld && { keep: plan.keep, compact: plan.compact }),
  };
}
