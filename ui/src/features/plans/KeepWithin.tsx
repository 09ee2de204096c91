import { useState } from "react";
import { Select } from "../../components/Select";
import { Setting } from "../../components/Setting";
import { Stepper } from "../../components/Stepper";
import { ageUnit } from "./keep";

const MOST = 999;
const UNITS = [
  ["1", "hours"],
  ["24", "days"],
] as const;

/** Up to which age everything stays, whatever the other rules say. */
export function KeepWithin({
  hours,
  fault,
  onChange,
}: {
  hours: number;
  fault: string | undefined;
  onChange: (hours: number) => void;
}) {
  const [chosen, setChosen] = useState(() => ageUnit(hours));
  // What was discarded may have been in hours.
  const unit = hours % chosen === 0 ? chosen : 1;
  return (
    <Setting title="Keep everything of the last" hint="0: only what the rules above keep" error={fault}>
      {({ id, description }) => (
        <div className="within">
          <Stepper
            id={id}
            label="Keep everything of the last"
            {...(description && { describedBy: description })}
            value={hours / unit}
            max={MOST}
            invalid={fault !== undefined}
            onChange={(n) => onChange(n * unit)}
          />
          <Select
            aria-label="Hours or days"
            value={`${unit}`}
            choices={UNITS}
            onChange={(next) => {
              setChosen(Number(next));
              onChange((hours / unit) * Number(next));
            }}
          />
        </div>
      )}
    </Setting>
  );
}
