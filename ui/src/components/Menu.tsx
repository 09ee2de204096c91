import { Menu as BaseMenu } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";
import { Icon } from "./Icon";
import type { IconName } from "./icons";
import "./menu.css";

/** A menu under a button. */
export function Menu({
  trigger,
  children,
  align = "end",
}: {
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "end";
}) {
  return (
    <BaseMenu.Root modal={false}>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner className="menu-layer" sideOffset={4} align={align}>
          <BaseMenu.Popup className="menu">{children}</BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

export function MenuItem({
  icon,
  onClick,
  disabled = false,
  hint,
  children,
}: {
  icon?: IconName;
  onClick: () => void;
  disabled?: boolean;
  hint?: string;
  children: ReactNode;
}) {
  return (
    <BaseMenu.Item className="menu-item" onClick={onClick} disabled={disabled}>
      {icon && <Icon name={icon} />}
      {children}
      {hint && <span className="menu-hint">{hint}</span>}
    </BaseMenu.Item>
  );
}

/** One choice of several; the chosen one has a check mark. */
export function MenuChoice<T extends string>({
  value,
  onChange,
  choices,
}: {
  value: T;
  onChange: (value: T) => void;
  choices: readonly (readonly [T, string])[];
}) {
  return (
    <BaseMenu.RadioGroup value={value} onValueChange={(next: T) => onChange(next)}>
      {choices.map(([key, label]) => (
        <BaseMenu.RadioItem key={key} value={key} className="menu-item" closeOnClick>
          <span className="menu-mark">
            <BaseMenu.RadioItemIndicator>
              <Icon name="check" size={14} />
            </BaseMenu.RadioItemIndicator>
          </span>
          {label}
        </BaseMenu.RadioItem>
      ))}
    </BaseMenu.RadioGroup>
  );
}
