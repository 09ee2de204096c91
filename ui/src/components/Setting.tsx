import { type ReactNode, useId } from "react";
import { Icon } from "./Icon";
import "./setting.css";

/** Rows under one heading. */
export function SettingGroup({
  title,
  hint,
  id,
  children,
}: {
  title: string;
  hint?: ReactNode;
  id?: string;
  children: ReactNode;
}) {
  const heading = useId();
  return (
    <section className="group" id={id} aria-labelledby={heading}>
      <h2 id={heading} tabIndex={-1}>
        {title}
      </h2>
      {hint && <p className="hint">{hint}</p>}
      <div className="card">{children}</div>
    </section>
  );
}

/** The names of a row, for its control. */
export interface SettingNames {
  /** To be the control's id. */
  id: string;
  /** The title's id, for a control that is a group. */
  title: string;
  /** What describes the control: its hint and its error. */
  description: string | undefined;
}

/** A row: what it is, what it means, and its control; whether it was saved, and why not. */
export function Setting({
  title,
  hint,
  saved = false,
  error,
  children,
  below,
}: {
  title: string;
  hint?: ReactNode;
  saved?: boolean;
  error?: string | null | undefined;
  children?: (names: SettingNames) => ReactNode;
  /** Under the row, as wide as it. */
  below?: ReactNode;
}) {
  const id = useId();
  const description = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <div className="setting">
      <div className="setting-line">
        <div className="grow">
          {children ? (
            <label className="t" id={`${id}-title`} htmlFor={id}>
              {title}
            </label>
          ) : (
            <span className="t">{title}</span>
          )}
          {hint && (
            <div className="hint" id={`${id}-hint`}>
              {hint}
            </div>
          )}
        </div>
        <span className="saved" role="status">
          {saved && (
            <>
              <Icon name="check" size={12} /> Saved
            </>
          )}
        </span>
        {children?.({ id, title: `${id}-title`, description })}
      </div>
      {error && (
        <p className="setting-error" id={`${id}-error`} role="alert">
          <Icon name="st-failed" size={14} />
          <span>{error}</span>
        </p>
      )}
      {below}
    </div>
  );
}
