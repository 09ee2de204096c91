import type { ComponentProps, ReactNode } from "react";
import "./button.css";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

type Props = Omit<ComponentProps<"button">, "aria-label"> & {
  kind?: "default" | "primary" | "ghost" | "danger" | "danger-quiet";
  size?: "sm" | "md" | "lg";
  icon?: IconName;
  /** Why it cannot be pressed now. It stays in reach of the keyboard, so that the reason can be heard. */
  why?: string | null | undefined;
  children?: ReactNode;
};

function classes(kind: Props["kind"], size: Props["size"], more?: string): string {
  return ["btn", kind && kind !== "default" && `btn-${kind}`, size && size !== "md" && `btn-${size}`, more]
    .filter(Boolean)
    .join(" ");
}

export function Button({ kind, size, icon, why, children, className, ...rest }: Props) {
  const barred = why && {
    "aria-disabled": true,
    "aria-description": why,
    title: why,
    onClick: undefined,
  };
  return (
    <button type="button" {...rest} {...barred} className={classes(kind, size, className)}>
      {icon && <Icon name={icon} size={14} />}
      {children}
    </button>
  );
}

/** A button of a picture alone; its label is read out and shown as a tooltip. */
export function IconButton({
  label,
  icon,
  kind,
  size,
  className,
  ...rest
}: Omit<Props, "children" | "icon" | "why"> & { label: string; icon: IconName }) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={classes(kind, size, ["btn-icon", className].filter(Boolean).join(" "))}
    >
      <Icon name={icon} size={14} />
    </button>
  );
}

/** A link that looks like a button: it goes somewhere and does nothing else. */
export function LinkButton({
  kind,
  size,
  children,
  ...rest
}: ComponentProps<"a"> & Pick<Props, "kind" | "size">) {
  return (
    <a {...rest} className={classes(kind, size)}>
      {children}
    </a>
  );
}
