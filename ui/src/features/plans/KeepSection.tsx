import { Segmented } from "../../components/Segmented";
import { Setting, SettingGroup } from "../../components/Setting";
import { Stepper } from "../../components/Stepper";
import { Switch } from "../../components/Switch";
import { keepsAll, keepWords, SPANS } from "./keep";
import type { SectionProps } from "./section";

const MOST = 999;
const CHOICES = [
  ["some", "As they age"],
  ["all", "Never"],
] as const;

/** How long archives stay. */
export function KeepSection({ form, change }: SectionProps) {
  const none = keepsAll(form.keep);
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
            {SPANS.map(([span, label]) => (
              <div key={span}>
                <span>{label}</span>
                <Stepper
                  label={label}
                  value={form.keep[span]}
                  max={MOST}
                  onChange={(n) => change({ keep: { ...form.keep, [span]: n } })}
                />
              </div>
            ))}
          </div>
          <p className="keep-words hint" role="status">
            {none ? "All are 0: nothing is removed." : `Keeps the newest of ${keepWords(form.keep)}.`}
          </p>
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
