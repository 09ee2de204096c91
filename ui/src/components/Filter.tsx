import { Icon } from "./Icon";
import { Menu, MenuChoice } from "./Menu";
import "./filter.css";

/** A filter that is one choice: "Status" while unset, "Status Failed" when set; Backspace clears it. */
export function Filter<T extends string>({
  name,
  value,
  all,
  choices,
  onChange,
}: {
  name: string;
  value: T | null;
  all: string;
  choices: readonly (readonly [T, string])[];
  onChange: (value: T | null) => void;
}) {
  const label = choices.find(([key]) => key === value)?.[1];
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="filter"
          data-set={value !== null || undefined}
          onKeyDown={(event) => event.key === "Backspace" && onChange(null)}
        >
          {name} {label && <b>{label}</b>}
          <Icon name="chev-d" size={12} />
        </button>
      }
    >
      <MenuChoice
        value={value ?? ""}
        onChange={(next) => onChange(next === "" ? null : (next as T))}
        choices={[["", all], ...choices]}
      />
    </Menu>
  );
}
