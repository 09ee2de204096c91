import { useEffect, useRef } from "react";
import { JobsScreen } from "../features/jobs/JobsScreen";
import { PassphrasePrompt } from "../features/jobs/PassphrasePrompt";
import { Overview } from "../features/overview/Overview";
import { PlanEditor } from "../features/plans/PlanEditor";
import { PlansScreen } from "../features/plans/PlansScreen";
import { Connect } from "../features/repositories/Connect";
import { RepositoriesScreen } from "../features/repositories/RepositoriesScreen";
import { RepositoryPage } from "../features/repositories/RepositoryPage";
import { SettingsScreen } from "../features/settings/SettingsScreen";
import { Announcer } from "./Announcer";
import { useShellKeys } from "./keyboard";
import { go, hrefOf, type Route, useRoute } from "./router";
import { Sidebar } from "./Sidebar";
import "./shell.css";

const TITLE = {
  overview: "Overview",
  jobs: "Jobs",
  repositories: "Repositories",
  plans: "Plans",
  settings: "Settings",
} as const;

function Screen({ route }: { route: Route }) {
  switch (route.screen) {
    case "overview":
      return <Overview />;
    case "jobs":
      return <JobsScreen selected={route.job} />;
    case "repositories":
      return <Repositories shown={route.repository} />;
    case "plans":
      if (route.plan === null) return <PlansScreen />;
      return <PlanEditor key={hrefOf(route)} id={route.plan} repository={route.repository ?? null} />;
    case "settings":
      return <SettingsScreen />;
  }
}

function Repositories({ shown }: { shown: number | "connect" | null }) {
  if (shown === null) return <RepositoriesScreen />;
  if (shown !== "connect") return <RepositoryPage key={shown} id={shown} />;
  return (
    <Connect
      onCancel={() => go({ screen: "repositories", repository: null })}
      onConnected={(repository) => go({ screen: "repositories", repository: repository.id })}
    />
  );
}

/** The window once something is set up: the sidebar and one screen. */
export function Shell() {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  useShellKeys();
  useEffect(() => {
    document.title = `${TITLE[route.screen]} – Alcove`;
  }, [route.screen]);
  return (
    <>
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          // The hash is the route; the link moves the focus alone.
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <div className="app">
        <Sidebar route={route} />
        <main className="main" id="main" ref={main} tabIndex={-1} data-region="main">
          <Screen route={route} />
        </main>
      </div>
      <PassphrasePrompt />
      <Announcer />
    </>
  );
}
