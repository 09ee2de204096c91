import { useMutation } from "@tanstack/react-query";
import { Button } from "../../components/Button";
import { Setting } from "../../components/Setting";
import { toastDone } from "../../components/toasts";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";

/** Saves what helps to find a fault, to be sent along with a question. */
export function DiagnosticsRow() {
  const platform = usePlatform();
  const save = useMutation({ mutationFn: () => platform.call("save_diagnostics", {}) });
  return (
    <Setting
      title="Diagnostics"
      hint="One text to send along with a question: versions, settings, the last jobs and the logs of those that went wrong. Names, paths, hosts and passphrases are not in it."
      error={save.error && PlatformError.from(save.error).message}
    >
      {({ id, description }) => (
        <Button
          id={id}
          size="sm"
          aria-label="Save diagnostics"
          aria-describedby={description}
          disabled={save.isPending}
          onClick={() =>
            save.mutate(undefined, {
              onSuccess: ({ file_name }) => {
                if (file_name !== null) toastDone(`The diagnostics are saved as ${file_name}`);
              },
            })
          }
        >
          {save.isPending ? "Saving…" : "Save diagnostics…"}
        </Button>
      )}
    </Setting>
  );
}
