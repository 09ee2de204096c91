import { useEffect, useRef } from "react";
import { Segmented } from "../../components/Segmented";
import { Setting, SettingGroup } from "../../components/Setting";
import { Stepper } from "../../components/Stepper";
import { Switch } from "../../components/Switch";
import type { Keep, Plan } from "../../platform/bindings";
import { KeepPreview } from "./KeepPreview";
import { KeepWithin } from "./KeepWithin";
import { keepsAll, SPANS } from "./keep";
import type { SectionProps } from "./section";

const MOST = 999;
const CHOICES = [
  ["some", "As they age"],
  ["all", "Never"],
] as const;
const RULES = [["last", "Newest"], ...SPANS] as const;

/** How long archives stay; what the rules would do with those there are, once the plan is made. */
export function KeepSection({ form, change, faults, plan = null }: SectionProps & { plan?: Plan | null }) {
  const latest = useRef(form.keep);
  useEffect(() => {
    latest.current = form.keep;
  });
  // A number that is typed is told when its field is left: in the same moment as that of the button that is pressed.
  const keep = (part: Partial<Keep>) => {
    latest.current = { ...latest.current, ...part };
    change({ keep: latest.current });
  };
  return (
    <SettingGroup
      title="How long to keep"
      id="plan-keep"
      hint="After each backup, the archives of this plan that no rule keeps are removed."
    >
      <Setting
        title="Remove archives"
        hint={
          form.removesOld ? "The newest of each span stays" : "Every archive stays, and the repository grows"
        }
      >
        {({ title }) => (
          <Segmented
            labelledBy={title}
            value={form.removesOld ? "some" : "all"}
            choices={CHOICES}
            onChange={(choice) => change({ removesOld: choice === "some" })}
          />
        )}
      </Setting>
      {form.removesOld && (
        <>
          <div className="keeps">
            {RULES.map(([rule, label]) => (
              <div key={rule}>
                <span>{label}</span>
                <Stepper
                  label={label}
                  value={form.keep[rule]}
                  max={MOST}
                  onChange={(n) => keep({ [rule]: n })}
                />
              </div>
            ))}
          </div>
          <KeepWithin hours={form.keep.within} fault={faults.keep} onChange={(within) => keep({ within })} />
          <KeepPreview keep={form.keep} plan={keepsAll(form.keep) ? null : plan} />
          <Setting
            title="Compact after removing"
            hint="Gives the space of removed archives back. Without it the repository does not get smaller."
          >
            {({ id, description }) => (
              <Switch
                id={id}
                aria-describedby={description}
                checked={form.compact}
                onChange={(compact) => change({ compact })}
              />
            )}
          </Setting>
        </>
      )}
    </SettingGroup>
  );
}
