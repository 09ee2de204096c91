import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Button } from "../../components/Button";
import { Callout } from "../../components/Callout";
import { FormDialog } from "../../components/Dialog";
import { PassphraseField } from "../../components/PassphraseField";
import { Problem } from "../../components/Problem";
import type { Repository } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";

/** Opens the repository with an exported key, before it is needed. */
export function VerifyKey({ repository, onClose }: { repository: Repository; onClose: () => void }) {
  const platform = usePlatform();
  const [passphrase, setPassphrase] = useState("");
  const [shown, setShown] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const verify = useMutation({
    mutationFn: () =>
      platform.call("verify_key", { repository: repository.id, ...(passphrase !== "" && { passphrase }) }),
    // The cache of mutations keeps no passphrase: it is not one of their variables.
    gcTime: 0,
    onError: () => field.current?.focus(),
  });
  const error = verify.error && PlatformError.from(verify.error);
  const opened = verify.data?.file_name;
  return (
    <FormDialog
      open
      onClose={onClose}
      title={`Verify a key of ${repository.name}`}
      initialFocus={field}
      onSubmit={() => verify.mutate()}
      foot={
        <>
          <Button size="lg" onClick={onClose}>
            Close
          </Button>
          <Button size="lg" kind="primary" type="submit" disabled={verify.isPending}>
            {verify.isPending ? "Trying the key…" : "Choose the key…"}
          </Button>
        </>
      }
    >
      <p>
        Alcove opens the repository with the exported key alone, as you would after a loss. Nothing is
        changed.
      </p>
      <PassphraseField
        ref={field}
        label="Passphrase"
        hint="Left empty: the one Alcove has"
        value={passphrase}
        shown={shown}
        onToggle={() => setShown(!shown)}
        onChange={(event) => setPassphrase(event.target.value)}
      />
      {opened && (
        <Callout icon="st-completed" tone="completed" title={`${opened} opens the repository`} role="status">
          Keep it, with its passphrase, apart from the repository and from this computer.
        </Callout>
      )}
      {error && (
        <Problem live title="This key was not verified" hints={error.hints}>
          {error.message}
        </Problem>
      )}
    </FormDialog>
  );
}
