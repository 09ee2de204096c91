import type { KeyboardEvent, ReactNode, Ref } from "react";
import { Icon } from "./Icon";
import "./search.css";

/** A search field: Esc clears it first, and only then leaves. */
export function SearchField({
  label,
  value,
  onChange,
  onKeyDown,
  children,
  ref,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  children?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}) {
  return (
    <div className="search">
      <Icon name="search" size={14} />
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value) {
            event.stopPropagation();
            onChange("");
          }
          onKeyDown?.(event);
        }}
      />
      {children}
    </div>
  );
}
