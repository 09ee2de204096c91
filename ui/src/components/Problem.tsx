import type { ReactNode } from "react";
import { Icon } from "./Icon";
import "./problem.css";

/** What happened, why, what to do: in this order, in one calm box. */
export function Problem({
  title,
  tone = "danger",
  live = false,
  hints = [],
  actions,
  children,
}: {
  title: string;
  tone?: "danger" | "warnings";
  /** Whether it appears in answer to something and must be read out. */
  live?: boolean;
  hints?: string[];
  actions?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div
      className="problem"
      data-tone={tone}
      role={live ? "alert" : "group"}
      aria-label={live ? undefined : title}
    >
      <p className="problem-title">
        <Icon name={tone === "danger" ? "st-failed" : "st-warnings"} />
        <span>{title}</span>
      </p>
      {children && <div className="problem-why">{children}</div>}
      {hints.length > 0 && (
        <ul className="problem-why">
          {hints.map((hint) => (
            <li key={hint}>{hint}</li>
          ))}
        </ul>
      )}
      {actions && <div className="row">{actions}</div>}
    </div>
  );
}
