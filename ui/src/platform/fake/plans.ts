/** Plans of the fake platform: made, changed and removed under the rules the engine has for them. */
import type { ChangePlan, Keep, Plan } from "../bindings";
import { plan as newPlan } from "./jobs";
import { refuseToKeepNothing } from "./maintenance";
import { badArgument, type Handlers, refused } from "./refusals";
import type { Scenario } from "./scenarios";
import { scheduleOf } from "./schedule";

const KEEP_ALL: Keep = { within: 0, last: 0, hourly: 0, daily: 0, weekly: 0, monthly: 0, yearly: 0 };

/** What a default plan leaves out. */
export const LEFT_OUT = [
  "sh:**/.cache",
  "sh:**/.local/share/Trash",
  "sh:**/.Trash-*",
  "sh:**/node_modules",
  "sh:**/__pycache__",
  "sh:**/lost+found",
];

export type PlanOperations = Pick<
  Handlers,
  | "list_plans"
  | "create_plan"
  | "change_plan"
  | "remove_plan"
  | "release_plans"
  | "preview_schedule"
  | "pause_schedules"
  | "resume_schedules"
>;

export function planOperations(state: Scenario, changed: () => void, now: () => Date): PlanOperations {
  const find = (id: number): Plan => {
    const plan = state.plans.find((each) => each.id === id);
    if (!plan) throw refused("not_found", `There is no plan ${id}.`);
    return plan;
  };
  /** One default plan a repository: a new one takes the place of the old. */
  const put = (plan: Plan) => {
    const others = state.plans
      .filter((each) => each.id !== plan.id)
      .map((each) =>
        plan.is_default && each.repository.id === plan.repository.id ? { ...each, is_default: false } : each,
      );
    state.plans = [...others, plan].sort((a, b) => a.id - b.id);
    changed();
    return { plan: plan.id };
  };
  return {
    list_plans: () => ({ plans: state.plans, paused_until: state.pausedUntil }),
    pause_schedules: ({ length }) => {
      const until = new Date(now());
      if (length === "hour") until.setHours(until.getHours() + 1);
      else until.setHours(until.getHours() < 6 ? 6 : 30, 0, 0, 0);
      const paused_until = until.toISOString();
      state.pausedUntil = paused_until;
      changed();
      return { paused_until };
    },
    resume_schedules: () => {
      state.pausedUntil = null;
      changed();
      return {};
    },
    release_plans: ({ plan: id }) => {
      if (id === undefined) state.system = { ...state.system, plans_held: false };
      else put({ ...find(id), hold: null });
      return {};
    },
    create_plan: ({ repository, name, ...rest }) => {
      const to = state.repositories.find((each) => each.id === repository);
      if (!to) throw refused("not_found", `There is no repository ${repository}.`);
      const id = Math.max(0, ...state.plans.map((each) => each.id)) + 1;
      const first = state.plans.every((each) => each.repository.id !== repository);
      const blank = newPlan(id, name, to, [], {
        excludes: LEFT_OUT,
        keep: KEEP_ALL,
        compact: false,
        is_default: first,
      });
      return put(applied(blank, { plan: id, name, ...rest }, now()));
    },
    change_plan: (change) => put(applied(find(change.plan), change, now())),
    preview_schedule: (wished) => scheduleOf(wished, now()),
    remove_plan: ({ plan: id }) => {
      const plan = find(id);
      if (plan.last_job && plan.last_job.phase !== "ended") {
        throw refused("in_use", `A backup of ${plan.name} has not ended.`, [
          "Cancel it or wait for its end, then remove the plan.",
        ]);
      }
      state.plans = state.plans.filter((each) => each.id !== id);
      changed();
      return {};
    },
  };
}

function applied(plan: Plan, change: ChangePlan, now: Date): Plan {
  const keep = change.keep ?? plan.keep;
  const next: Plan = {
    ...plan,
    name: (change.name ?? plan.name).trim(),
    sources: change.source_directories ?? plan.sources,
    excludes: change.exclude_patterns ?? plan.excludes,
    compression: change.compression ?? plan.compression,
    log_files: change.log_files ?? plan.log_files,
    hooks: change.hooks ?? plan.hooks,
    keep,
    compact: (change.compact ?? plan.compact) && Object.values(keep).some((n) => n > 0),
    check: change.check ?? plan.check,
    is_default: change.is_default ?? plan.is_default,
    enabled: change.enabled ?? plan.enabled,
    conditions: change.conditions ?? plan.conditions,
    ping_url: change.ping_url === undefined ? plan.ping_url : change.ping_url,
    schedule:
      change.schedule === undefined ? plan.schedule : change.schedule && scheduleOf(change.schedule, now),
  };
  if (next.name === "") throw badArgument("name", "A name is missing.");
  if (next.sources.length === 0) {
    throw badArgument("source_directories", "Choose at least one folder to back up.");
  }
  const relative = next.sources.find((source) => !source.startsWith("/"));
  if (relative !== undefined) {
    throw badArgument("source_directories", `"${relative}" is not a full path; it must start with a slash.`);
  }
  refuseToKeepNothing(keep);
  if (next.excludes.some((pattern) => pattern.trim() === "")) {
    throw badArgument("exclude_patterns", '"" is not a pattern: it is empty or holds a control character.');
  }
  if (next.hooks.some(({ command }) => command.length > 10_000)) {
    throw badArgument("hooks", "A script is longer than 10,000 bytes. Put it into a file, and name that.");
  }
  if (next.ping_url !== null && !/^https?:\/\/[^/]/.test(next.ping_url)) {
    throw badArgument("ping_url", "The address for health pings begins with https:// or http://.");
  }
  return next;
}
