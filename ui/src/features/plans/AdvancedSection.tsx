import { Setting, SettingGroup } from "../../components/Setting";
import { Switch } from "../../components/Switch";
import type { PlanForm } from "./form";
import { PingSetting } from "./PingSetting";
import type { SectionProps } from "./section";

/** What costs something, and says what; and what few need. */
export function AdvancedSection(props: SectionProps) {
  return (
    <SettingGroup title="Advanced" id="plan-advanced" hint="The defaults are right for nearly everyone.">
      <Row
        {...props}
        field="check"
        title="Check after each backup"
        hint="Reads the whole repository and compares every piece with its checksum: as long as reading all of it takes, over the network too."
      />
      <Row
        {...props}
        field="logFiles"
        title="Name every new and changed file in the log"
        hint="Measured: 16 to 23% more processor time on a first backup, up to 11% on later ones, and a larger log. Without it the log names problems alone."
      />
      <Row
        {...props}
        field="isDefault"
        title="Default plan of its repository"
        hint="Programs that name only the repository start this plan. Each repository has one."
      />
      <PingSetting {...props} />
    </SettingGroup>
  );
}

function Row({
  form,
  change,
  field,
  title,
  hint,
}: SectionProps & { field: "check" | "logFiles" | "isDefault"; title: string; hint: string }) {
  return (
    <Setting title={title} hint={hint}>
      {({ id, description }) => (
        <Switch
          id={id}
          aria-describedby={description}
          checked={form[field]}
          onChange={(on) => change({ [field]: on } satisfies Partial<PlanForm>)}
        />
      )}
    </Setting>
  );
}
