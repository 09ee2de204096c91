import { useState } from "react";
import { Button } from "../../components/Button";
import { Problem } from "../../components/Problem";
import { size } from "../../format/size";
import type { Repository, RepositorySize } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { PassphraseDialog } from "../jobs/PassphraseDialog";
import { sizeAge, WANTS_PASSPHRASE } from "./health";
import { useMeasure } from "./queries";
import { SizeChart } from "./SizeChart";

/** How large a repository is, since when that is known, and how it grew. */
export function Storage({
  repository,
  sizes,
  now,
}: {
  repository: Repository;
  sizes: RepositorySize[];
  now: Date;
}) {
  const measure = useMeasure(repository.id);
  const error = measure.error && PlatformError.from(measure.error);
  const [unlocking, setUnlocking] = useState(false);
  const newest = sizes.at(-1);
  return (
    <section className="card repo-card" aria-labelledby="storage">
      <header>
        <h2 id="storage">Storage</h2>
        <span className="end hint" role="status">
          {measure.isPending
            ? "Asking Borg. A large repository can take minutes."
            : newest
              ? sizeAge(newest, now)
              : ""}
        </span>
        <Button size="sm" icon="refresh" disabled={measure.isPending} onClick={() => measure.mutate()}>
          {measure.isPending ? "Measuring…" : "Measure now"}
        </Button>
      </header>
      {error && (
        <div className="card-body">
          <Problem
            live
            title={`${repository.name} was not measured`}
            hints={error.hints}
            actions={
              WANTS_PASSPHRASE.includes(error.code) && (
                <Button size="sm" onClick={() => setUnlocking(true)}>
                  Enter passphrase…
                </Button>
              )
            }
          >
            {error.message}
          </Problem>
        </div>
      )}
      {newest ? (
        <div className="storage">
          <div className="storage-now">
            <p className="storage-figure num">{size(newest.deduplicated_size)}</p>
            <p className="hint">stored after deduplication</p>
            <dl>
              <div>
                <dt>All archives</dt>
                <dd>{size(newest.original_size)}</dd>
              </div>
              <div>
                <dt>Compressed</dt>
                <dd>{size(newest.compressed_size)}</dd>
              </div>
            </dl>
            <p className="hint">Space that compact has not given back yet is not counted.</p>
          </div>
          <SizeChart sizes={sizes} now={now} />
        </div>
      ) : (
        <p className="card-body hint">Not measured yet. Each backup measures it; so does the button above.</p>
      )}
      {unlocking && (
        <PassphraseDialog
          location={repository.path}
          what="Measuring"
          onClose={() => setUnlocking(false)}
          onUnlocked={() => measure.mutate()}
        />
      )}
    </section>
  );
}
