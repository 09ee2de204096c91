import type { ReactNode } from "react";
import type { Status } from "../platform/bindings";
import { Icon } from "./Icon";
import type { IconName } from "./icons";
import "./callout.css";

/** A note beside what it is about. */
export function Callout({
  icon,
  tone,
  title,
  children,
  role,
}: {
  icon: IconName;
  tone?: Status;
  title?: string;
  children: ReactNode;
  role?: "status";
}) {
  return (
    <div className="callout" data-status={tone} role={role}>
      <Icon name={icon} />
      <div className="grow">
        {title && <b>{title}</b>}
        {children}
      </div>
    </div>
  );
}
