import { useId } from "react";
import "./segmented.css";

/** One of two to four short choices, all in sight; the arrow keys choose. */
export function Segmented<T extends string>({
  labelledBy,
  value,
  choices,
  onChange,
}: {
  labelledBy: string;
  value: T;
  choices: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <div className="seg" role="radiogroup" aria-labelledby={labelledBy}>
      {choices.map(([key, label]) => (
        <label key={key}>
          <input
            type="radio"
            className="sr"
            name={name}
            checked={key === value}
            onChange={() => onChange(key)}
          />
          {label}
        </label>
      ))}
    </div>
  );
}
