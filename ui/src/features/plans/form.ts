/** A plan while it is written: what the fields hold, and what is asked of the engine for it. */
import type {
  ChangePlan,
  Conditions,
  CreatePlan,
  Hook,
  Keep,
  NewSchedule,
  Plan,
} from "../../platform/bindings";
import { written } from "./hooks";
import { KEEP, KEEP_ALL, keepsAll } from "./keep";
import { cronOf, type When, whenOf } from "./schedule";

export interface PlanForm {
  name: string;
  repository: number | null;
  sources: string[];
  excludes: string[];
  compression: string;
  /** Whether archives are removed as they age. */
  removesOld: boolean;
  /** How many stay if so. */
  keep: Keep;
  compact: boolean;
  check: boolean;
  logFiles: boolean;
  isDefault: boolean;
  enabled: boolean;
  when: When;
  /** What else runs with each backup. */
  hooks: Hook[];
  conditions: Conditions;
  /** A web address at which a service is told how backups go; empty: nobody is told. */
  pingUrl: string;
}

export function newForm(repository: number | null, excludes: string[], first: boolean): PlanForm {
  return {
    name: "",
    repository,
    sources: [],
    excludes,
    compression: "zstd,3",
    removesOld: true,
    keep: KEEP,
    compact: true,
    check: false,
    logFiles: false,
    isDefault: first,
    enabled: true,
    when: whenOf(null),
    hooks: [],
    conditions: { on_ac_power: false, not_metered: false },
    pingUrl: "",
  };
}

export function formOf(plan: Plan): PlanForm {
  const all = keepsAll(plan.keep);
  return {
    name: plan.name,
    repository: plan.repository.id,
    sources: plan.sources,
    excludes: plan.excludes,
    compression: plan.compression,
    removesOld: !all,
    keep: all ? KEEP : plan.keep,
    compact: all || plan.compact,
    check: plan.check,
    logFiles: plan.log_files,
    isDefault: plan.is_default,
    enabled: plan.enabled,
    when: whenOf(plan.schedule),
    hooks: plan.hooks,
    conditions: plan.conditions,
    pingUrl: plan.ping_url ?? "",
  };
}

export function isSame(a: PlanForm, b: PlanForm): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function common(form: PlanForm) {
  return {
    name: form.name,
    source_directories: form.sources,
    exclude_patterns: form.excludes,
    compression: form.compression,
    log_files: form.logFiles,
    keep: form.removesOld ? form.keep : KEEP_ALL,
    compact: form.removesOld && form.compact,
    check: form.check,
    is_default: form.isDefault,
    hooks: written(form.hooks),
    conditions: form.conditions,
  };
}

const scheduled = (cron: string, { zone }: When): NewSchedule => ({ cron, ...(zone && { time_zone: zone }) });

export const createArgs = (form: PlanForm, repository: number): CreatePlan => {
  const cron = cronOf(form.when);
  const pingUrl = form.pingUrl.trim();
  return {
    repository,
    ...common(form),
    ...(pingUrl && { ping_url: pingUrl }),
    ...(cron !== null && { schedule: scheduled(cron, form.when) }),
  };
};

/** A schedule that is as it was is left out: it has been so since then. */
export const changeArgs = (form: PlanForm, plan: number, before: PlanForm): ChangePlan => {
  const cron = cronOf(form.when);
  return {
    plan,
    ...common(form),
    enabled: form.enabled,
    ping_url: form.pingUrl.trim() || null,
    ...(cron !== cronOf(before.when) && { schedule: cron === null ? null : scheduled(cron, form.when) }),
  };
};
