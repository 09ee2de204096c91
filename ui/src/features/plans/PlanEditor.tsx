import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { leaveField } from "../../app/field";
import { LeaveQuestion } from "../../app/LeaveQuestion";
import { useLeaving } from "../../app/leaving";
import { go, hrefOf } from "../../app/router";
import { Button, LinkButton } from "../../components/Button";
import { Callout } from "../../components/Callout";
import { Empty } from "../../components/Empty";
import { Icon } from "../../components/Icon";
import { Problem } from "../../components/Problem";
import { toastDone } from "../../components/toasts";
import type { Plan, Repository } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { useMeasures } from "../folders/useMeasures";
import { hasEnded } from "../jobs/job";
import { AdvancedSection } from "./AdvancedSection";
import { Contents } from "./Contents";
import { formOf, isSame, newForm, type PlanForm } from "./form";
import { KeepSection } from "./KeepSection";
import { LeaveOutSection } from "./LeaveOutSection";
import { NameSection } from "./NameSection";
import { usePlans, usePlansQuery, useRepositories, useSavePlan } from "./queries";
import { RemovePlan } from "./RemovePlan";
import { ScriptsSection } from "./ScriptsSection";
import { SourcesSection } from "./SourcesSection";
import { Summary } from "./Summary";
import type { Faults } from "./section";
import { TestButton, TestRunSection } from "./TestRunSection";
import { useTestRun } from "./useTestRun";
import { WhenSection } from "./WhenSection";
import { WhereSection } from "./WhereSection";
import "./editor.css";

/**
 * A plan to write or to change; a new one begins with this repository. It waits for all it begins with, so that nothing
 * typed is overtaken by an answer.
 */
export function PlanEditor({ id, repository }: { id: number | "new"; repository: number | null }) {
  const platform = usePlatform();
  const { data: loaded } = usePlansQuery();
  const plan = usePlans().find((each) => each.id === id);
  const repositories = useRepositories().data;
  const suggested = useQuery({
    queryKey: ["suggested"],
    queryFn: () => platform.call("suggest_folders", {}),
    enabled: id === "new",
  }).data;
  if (!loaded || !repositories) return <div className="scroll" aria-busy="true" />;
  if (id === "new") {
    if (!suggested) return <div className="scroll" aria-busy="true" />;
    const chosen = repositories.find((each) => each.id === repository) ?? repositories[0];
    const isFirst = loaded.every((each) => each.repository.id !== chosen?.id);
    const begin = newForm(chosen?.id ?? null, suggested.exclude_patterns, isFirst);
    return <Editor plan={null} begin={begin} repositories={repositories} />;
  }
  if (!plan) {
    return (
      <Empty
        icon="plans"
        title={`There is no plan ${id}`}
        action={<LinkButton href={hrefOf({ screen: "plans", plan: null })}>Show all plans</LinkButton>}
      >
        It was removed.
      </Empty>
    );
  }
  return <Editor plan={plan} begin={formOf(plan)} repositories={repositories} />;
}

/** The fields an error of the engine can be shown at. */
const FIELDS = [
  "name",
  "source_directories",
  "exclude_patterns",
  "compression",
  "repository",
  "schedule",
  "hooks",
  "ping_url",
  "keep",
] as const;

function Editor({
  plan,
  begin,
  repositories,
}: {
  plan: Plan | null;
  begin: PlanForm;
  repositories: Repository[];
}) {
  const [before] = useState(begin);
  const [form, setForm] = useState(begin);
  const [discarded, setDiscarded] = useState(0);
  const unsaved = !isSame(form, before);
  const leaving = useLeaving(unsaved);
  const measures = useMeasures(form.sources, form.excludes);
  const save = useSavePlan();
  const test = useTestRun(form, plan?.id ?? null);
  const body = useRef<HTMLDivElement>(null);
  const change = (part: Partial<PlanForm>) => setForm((old) => ({ ...old, ...part }));

  const faults: Faults = {};
  const field = FIELDS.find((each) => each === save.error?.field);
  if (field && save.error) faults[field] = save.error.message;
  useEffect(() => {
    if (!save.error) return;
    const wrong = body.current?.querySelector<HTMLElement>("[aria-invalid]");
    wrong?.focus();
    if (!wrong) body.current?.scrollTo({ top: 0 });
  }, [save.error]);

  const saveAll = () => {
    if (save.pending || (plan !== null && !unsaved)) return;
    save.save(form, plan?.id ?? null, before, () => {
      leaving.release();
      toastDone(plan ? `${form.name.trim()} is saved` : `${form.name.trim()} is made`);
      go({ screen: "plans", plan: null });
    });
  };
  const latest = useRef(saveAll);
  useEffect(() => {
    latest.current = saveAll;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      // A question is answered first.
      if (document.querySelector('[role="alertdialog"]')) return;
      const field = leaveField();
      latest.current();
      field?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const running = plan?.last_job && !hasEnded(plan.last_job);
  const sections = { form, change, faults };
  return (
    <div className="editor-screen">
      <header className="page-head">
        <nav className="crumbs" aria-label="Breadcrumb">
          <a href={hrefOf({ screen: "plans", plan: null })}>Plans</a>
          <Icon name="chev-r" size={12} />
        </nav>
        <h1 className="trunc">{plan?.name ?? "New plan"}</h1>
        <div className="actions">{plan && <RemovePlan plan={plan} onRemoved={leaving.release} />}</div>
      </header>
      <div className="editor">
        <Contents body={body} />
        <div className="form-page" ref={body}>
          {save.error && !field && (
            <div className="group">
              <Problem live title="The plan is not saved" hints={save.error.hints}>
                {save.error.message}
              </Problem>
            </div>
          )}
          {running && (
            <div className="group">
              <Callout icon="info">
                A backup of {plan.name} has not ended. It goes on as it was begun; what you change counts from
                the next one.
              </Callout>
            </div>
          )}
          <NameSection {...sections} isNew={plan === null} />
          <SourcesSection {...sections} measures={measures} />
          <LeaveOutSection key={discarded} {...sections} />
          <WhereSection {...sections} plan={plan} repositories={repositories} />
          <WhenSection {...sections} to={repositories.find((each) => each.id === form.repository)} />
          <KeepSection {...sections} plan={plan} />
          <ScriptsSection {...sections} />
          <AdvancedSection {...sections} />
          <TestRunSection test={test} />
        </div>
        <Summary form={form} measures={measures} repositories={repositories} />
      </div>
      <footer className="foot-bar">
        <TestButton test={test} />
        <span className="end hint" role="status">
          {unsaved ? "Unsaved changes" : plan ? "Nothing is changed" : ""}
        </span>
        {unsaved && plan ? (
          <Button
            onClick={() => {
              setForm(before);
              setDiscarded(discarded + 1);
            }}
          >
            Discard
          </Button>
        ) : (
          <LinkButton href={hrefOf({ screen: "plans", plan: null })}>{plan ? "Close" : "Cancel"}</LinkButton>
        )}
        <Button
          kind="primary"
          disabled={save.pending || (plan !== null && !unsaved)}
          aria-keyshortcuts="Control+S"
          onClick={saveAll}
        >
          {save.pending ? "Saving…" : plan ? "Save plan" : "Make plan"}
        </Button>
      </footer>
      <LeaveQuestion
        leaving={leaving}
        title={plan ? `Leave ${plan.name} without saving?` : "Leave without making the plan?"}
        leave="Discard changes"
      >
        What you changed here is lost. Backups go on as before.
      </LeaveQuestion>
    </div>
  );
}
