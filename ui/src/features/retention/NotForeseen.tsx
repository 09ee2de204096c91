import { useState } from "react";
import { Button } from "../../components/Button";
import { Problem } from "../../components/Problem";
import type { Repository } from "../../platform/bindings";
import type { PlatformError } from "../../platform/platform";
import { PassphraseDialog } from "../jobs/PassphraseDialog";
import { WANTS_PASSPHRASE } from "../repositories/health";

/** Why it is not known what a prune would do, and what helps. */
export function NotForeseen({
  error,
  repository,
  onRetry,
}: {
  error: PlatformError;
  repository: Repository;
  onRetry: () => void;
}) {
  const [unlocking, setUnlocking] = useState(false);
  const locked = WANTS_PASSPHRASE.includes(error.code);
  if (error.code === "nothing_kept") {
    return (
      <Problem live title="These rules would keep nothing" hints={error.hints}>
        {error.message}
      </Problem>
    );
  }
  return (
    <>
      <Problem
        live
        title="What would go is not known"
        hints={error.hints}
        actions={
          <Button size="sm" onClick={() => (locked ? setUnlocking(true) : onRetry())}>
            {locked ? "Enter passphrase…" : "Try again"}
          </Button>
        }
      >
        {error.message} Nothing was deleted.
      </Problem>
      {unlocking && (
        <PassphraseDialog
          location={repository.path}
          what="The preview"
          onClose={() => setUnlocking(false)}
          onUnlocked={onRetry}
        />
      )}
    </>
  );
}
