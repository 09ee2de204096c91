import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Button } from "../../components/Button";
import { CommandLine } from "../../components/CopyButton";
import { Icon } from "../../components/Icon";
import type { BorgFound } from "../../platform/bindings";

const LOOK_EVERY_MS = 5000;

/** Without Borg there is nothing to set up: the one command, and a look every few seconds until it is there. */
export function NoBorg({ borg }: { borg: BorgFound }) {
  const queries = useQueryClient();
  const [looking, setLooking] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => void queries.refetchQueries({ queryKey: ["system"] }), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [queries]);
  const look = async () => {
    setLooking(true);
    await queries.refetchQueries({ queryKey: ["system"] });
    setLooking(false);
  };
  return (
    <>
      <div className="setup-body" data-region="step">
        <div className="setup-col">
          <div className="row row-3 no-borg" data-status="completed_with_warnings">
            <div className="emblem-sm">
              <Icon name="package" size={20} />
            </div>
            <div>
              <h1>Alcove needs Borg</h1>
              <p className="lead">{borg.problem}</p>
            </div>
          </div>
          {borg.install_command && (
            <div className="card card-body">
              <p className="row install-head">
                <span className="strong">On this computer</span>
                <span className="hint">Run this in a terminal:</span>
              </p>
              <CommandLine command={borg.install_command} />
            </div>
          )}
        </div>
      </div>
      <footer className="setup-foot" data-region="foot">
        <Icon name="st-pending" />
        <span className="hint" role="status">
          {looking ? "Looking for Borg…" : "Alcove looks for Borg every few seconds."}
        </span>
        <span className="end" />
        <Button kind="primary" size="lg" onClick={look} disabled={looking}>
          Look again
        </Button>
      </footer>
    </>
  );
}
