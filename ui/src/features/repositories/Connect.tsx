import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LeaveQuestion } from "../../app/LeaveQuestion";
import { useLeaving } from "../../app/leaving";
import { Button } from "../../components/Button";
import { Problem } from "../../components/Problem";
import { toastDone, toastWarning } from "../../components/toasts";
import type { InspectedRepository, Repository } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";
import type { PlanForm } from "../plans/form";
import { useSystem } from "../plans/queries";
import type { Faults } from "../plans/section";
import { ConnectWhere } from "./ConnectWhere";
import { adoptArgs, type ConnectForm, EMPTY, planOf, questionOf, reach, suggestedName } from "./connect";
import { Found } from "./Found";
import { ProposedPlan } from "./ProposedPlan";
import "../plans/editor.css";
import "./repositories.css";

const PLAN_FIELDS = {
  plan_name: "name",
  source_directories: "source_directories",
  exclude_patterns: "exclude_patterns",
  compression: "compression",
} as const;

/** What was learned on the way, beside what was typed. */
type Answered = Pick<ConnectForm, "confirm" | "remotePath">;

/** Connects a repository another program made: where it is, what is in it, and the plan that goes on with it. */
export function Connect({
  onCancel,
  onConnected,
}: {
  onCancel: () => void;
  onConnected: (repository: Repository) => void;
}) {
  const platform = usePlatform();
  const queries = useQueryClient();
  const keyring = useSystem().data?.keyring ?? null;
  const [form, setForm] = useState(EMPTY);
  const [name, setName] = useState<string | null>(null);
  const [found, setFound] = useState<InspectedRepository | null>(null);
  const [plan, setPlan] = useState<PlanForm | null>(null);
  const leaving = useLeaving(form !== EMPTY || name !== null);
  const change = (part: Partial<ConnectForm>) => {
    setForm((old) => ({ ...old, ...part }));
    // What was found there is not what stands at another place.
    setFound(null);
    inspect.reset();
    adopt.reset();
  };

  // A passphrase is not one of the variables, which the cache of mutations keeps.
  const inspect = useMutation({
    mutationFn: (part: Answered) => platform.call("inspect_repository", reach({ ...form, ...part })),
    gcTime: 0,
  });
  const shownName = name ?? suggestedName(form.location);
  const adopt = useMutation({
    mutationFn: () =>
      platform.call(
        "adopt_repository",
        adoptArgs({ ...form, remember: form.remember && keyring !== null }, shownName, plan),
      ),
    gcTime: 0,
    onSuccess: async (made) => {
      if (form.remember && keyring !== null && form.passphrase !== "" && !made.passphrase_remembered) {
        toastWarning(
          "The passphrase was not remembered",
          `The ${keyring} did not keep it. Alcove asks for it after a restart.`,
        );
      }
      leaving.release();
      await queries.invalidateQueries();
      toastDone(`${made.repository.name} is connected`);
      onConnected(made.repository);
    },
  });
  const look = (part: Answered) => {
    change(part);
    // Heard only while nothing else was typed.
    inspect.mutate(part, {
      onSuccess: (answer) => {
        setFound(answer);
        setPlan(planOf(answer));
      },
    });
  };

  const inspectError = inspect.error && PlatformError.from(inspect.error);
  const adoptError = adopt.error && PlatformError.from(adopt.error);
  const question = inspectError && questionOf(inspectError.code);
  const field = adoptError && PLAN_FIELDS[adoptError.field as keyof typeof PLAN_FIELDS];
  const faults: Faults = field && adoptError ? { [field]: adoptError.message } : {};
  const nameFault = adoptError?.field === "name" ? adoptError.message : null;
  const reason = missing(form, found, shownName, plan);
  return (
    <div className="editor-screen">
      <header className="page-head">
        <h1>Connect a repository</h1>
      </header>
      <div className="scroll">
        <div className="form-page">
          <ConnectWhere
            form={form}
            keyring={keyring}
            onChange={change}
            onLook={(remotePath) => look({ confirm: form.confirm, remotePath })}
            looking={inspect.isPending}
            found={found !== null}
            fault={inspectError?.field === "repository" ? inspectError.message : null}
          />
          {question && inspectError && (
            <div className="group">
              <Problem
                live
                tone="warnings"
                title="Borg asks before it opens this repository"
                hints={inspectError.hints}
                actions={
                  <Button
                    size="sm"
                    onClick={() =>
                      look({ confirm: [...form.confirm, question], remotePath: form.remotePath })
                    }
                  >
                    {question === "relocated" ? "Yes, it was moved" : "Yes, it is mine and not encrypted"}
                  </Button>
                }
              >
                {inspectError.message}
              </Problem>
            </div>
          )}
          {inspectError && !question && inspectError.field !== "repository" && (
            <div className="group">
              <Problem live title="It was not opened" hints={inspectError.hints}>
                {inspectError.message}
              </Problem>
            </div>
          )}
          {found && <Found found={found} />}
          {found && !found.known_as && (
            <ProposedPlan
              found={found}
              name={shownName}
              nameFault={nameFault}
              onName={setName}
              plan={plan}
              onPlan={setPlan}
              faults={faults}
            />
          )}
          {adoptError && !field && !nameFault && (
            <div className="group">
              <Problem live title="It is not connected" hints={adoptError.hints}>
                {adoptError.message}
              </Problem>
            </div>
          )}
        </div>
      </div>
      <footer className="foot-bar">
        <span className="end hint" id="connect-why-not" role="status">
          {reason}
        </span>
        <Button onClick={() => leaving.ask(onCancel)}>Cancel</Button>
        <Button
          kind={found && !found.known_as ? "primary" : "default"}
          disabled={reason !== "" || adopt.isPending}
          aria-describedby="connect-why-not"
          onClick={() => adopt.mutate()}
        >
          {adopt.isPending ? "Connecting…" : "Connect"}
        </Button>
      </footer>
      <LeaveQuestion leaving={leaving} title="Leave without connecting it?" leave="Discard what is typed">
        What you typed here is lost. The repository stays as it is.
      </LeaveQuestion>
    </div>
  );
}

/** Why it cannot be connected yet; empty when it can. */
function missing(
  form: ConnectForm,
  found: InspectedRepository | null,
  name: string,
  plan: PlanForm | null,
): string {
  if (form.location.trim() === "") return "Say where the repository is.";
  if (!found) return "Look inside first.";
  if (found.known_as) return `Alcove knows it as ${found.known_as}.`;
  if (name.trim() === "") return "Give the repository a name.";
  if (plan && plan.name.trim() === "") return "Give the plan a name.";
  return plan && plan.sources.length === 0 ? "Add a folder, or make no plan." : "";
}
