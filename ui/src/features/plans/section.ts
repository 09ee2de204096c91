/** What every section of the plan editor is given. */
import type { PlanForm } from "./form";

/** The engine's sentence at the field it is about, by the field's name in the api. */
export type Faults = Partial<
  Record<
    | "name"
    | "source_directories"
    | "exclude_patterns"
    | "compression"
    | "repository"
    | "schedule"
    | "keep"
    | "hooks"
    | "ping_url",
    string
  >
>;

export interface SectionProps {
  form: PlanForm;
  change: (part: Partial<PlanForm>) => void;
  faults: Faults;
}

/** Anchors of the sections, in the order of the screen. */
export const SECTIONS = [
  ["plan-what", "What"],
  ["plan-leave-out", "Leave out"],
  ["plan-where", "Where"],
  ["plan-when", "When"],
  ["plan-keep", "Keep"],
  ["plan-scripts", "Scripts"],
  ["plan-advanced", "Advanced"],
] as const;
