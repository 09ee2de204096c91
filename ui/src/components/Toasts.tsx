import { useSyncExternalStore } from "react";
import { IconButton } from "./Button";
import { Icon } from "./Icon";
import "./toast.css";
import { dismiss, toastStore } from "./toasts";

const ICON = {
  completed: "st-completed",
  failed: "st-failed",
  completed_with_warnings: "st-warnings",
} as const;

export function Toasts() {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.snapshot);
  return (
    <div className="toasts" data-region="messages">
      {toasts.map((toast) => (
        <div
          key={toast.id}
          className="toast"
          data-status={toast.tone}
          role={toast.tone === "failed" ? "alert" : "status"}
        >
          <Icon name={ICON[toast.tone]} />
          <span className="grow">
            {toast.text}
            {toast.detail && <span className="hint">{toast.detail}</span>}
          </span>
          <IconButton label="Dismiss" icon="x" kind="ghost" size="sm" onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}
