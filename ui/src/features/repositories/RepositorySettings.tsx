import { useState } from "react";
import { Button } from "../../components/Button";
import { Setting } from "../../components/Setting";
import { Switch } from "../../components/Switch";
import type { Repository } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { useChangeRepository } from "./queries";
import { APPEND_ONLY } from "./upkeep";

/** What a person has chosen of a repository: its name, where it is, what may be done to it, whether it is known. */
export function RepositorySettings({
  repository,
  busy,
  onAsk,
}: {
  repository: Repository;
  /** A job that has not ended, by its name. */
  busy: string | undefined;
  onAsk: (what: "rename" | "test" | "move" | "forget") => void;
}) {
  const change = useChangeRepository(repository.id);
  const [saved, setSaved] = useState(false);
  const why = busy && `${busy} has not ended yet.`;
  return (
    <section className="card repo-card" aria-labelledby="repository-settings">
      <header>
        <h2 id="repository-settings">This repository</h2>
      </header>
      <Setting title="Name" hint="Only Alcove calls it so.">
        {() => <Button onClick={() => onAsk("rename")}>Rename…</Button>}
      </Setting>
      <Setting title="Place" hint="Look at the way to it step by step, or say where it is now.">
        {() => (
          <>
            <Button onClick={() => onAsk("test")}>Test connection…</Button>
            <Button onClick={() => onAsk("move")}>Moved…</Button>
          </>
        )}
      </Setting>
      <Setting
        title="Append-only"
        hint={APPEND_ONLY}
        saved={saved}
        error={change.error && PlatformError.from(change.error).message}
      >
        {({ id, description }) => (
          <Switch
            id={id}
            aria-describedby={description}
            checked={change.isPending ? (change.variables?.append_only ?? false) : repository.append_only}
            onChange={(append_only) =>
              change.mutate({ append_only }, { onSettled: (_, error) => setSaved(error === null) })
            }
          />
        )}
      </Setting>
      <Setting
        title="Forget"
        hint={
          why ?? "Alcove no longer knows it. The repository, its archives and the history of its jobs stay."
        }
      >
        {() => (
          <Button kind="danger-quiet" why={why} onClick={() => onAsk("forget")}>
            Forget…
          </Button>
        )}
      </Setting>
    </section>
  );
}
