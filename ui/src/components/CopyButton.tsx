import { useEffect, useState } from "react";
import { Button, IconButton } from "./Button";
import { copyText } from "./copy";

const SHOWN_MS = 2000;

/** Copies, and says so in its own place for a moment. */
export function CopyButton({
  label,
  text,
  withText = false,
}: {
  label: string;
  text: string | (() => string | Promise<string>);
  withText?: boolean;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await copyText(typeof text === "string" ? text : await text());
    setCopied(true);
  };
  const icon = copied ? "check" : "copy";
  return (
    <>
      {withText ? (
        <Button size="sm" icon={icon} onClick={copy}>
          {copied ? "Copied" : label}
        </Button>
      ) : (
        <IconButton label={label} icon={icon} size="sm" kind="ghost" onClick={copy} />
      )}
      <span className="sr" role="status">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}

/** A command to copy and run elsewhere. */
export function CommandLine({ command, label = "Copy command" }: { command: string; label?: string }) {
  return (
    <div className="cmd">
      <code tabIndex={0}>{command}</code>
      <CopyButton label={label} text={command} />
    </div>
  );
}
