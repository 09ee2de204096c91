import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Button } from "../components/Button";
import { Problem } from "../components/Problem";
import { Toasts } from "../components/Toasts";
import { FirstRun } from "../features/first-run/FirstRun";
import { LiveProvider } from "../features/jobs/LiveProvider";
import { Recovered } from "../features/overview/Recovered";
import { usePlansQuery, useRepositories, useSystem } from "../features/plans/queries";
import { useTheme } from "../features/settings/useTheme";
import { PlatformProvider } from "../platform/context";
import { type Platform, PlatformError } from "../platform/platform";
import { Shell } from "./Shell";
import "../components/card.css";
import "./shell.css";

export function App({ platform }: { platform: Platform }) {
  const [queries] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          // The engine is on this computer and tells what changed: nothing is asked for twice on a hunch.
          queries: {
            networkMode: "always",
            staleTime: Number.POSITIVE_INFINITY,
            refetchOnWindowFocus: false,
            retry: false,
          },
          mutations: { networkMode: "always", retry: false },
        },
      }),
  );
  return (
    <PlatformProvider platform={platform}>
      <QueryClientProvider client={queries}>
        <LiveProvider>
          <Start />
          <Toasts />
        </LiveProvider>
      </QueryClientProvider>
    </PlatformProvider>
  );
}

/** Decides between the first run and the window as it is every day. */
function Start() {
  const plans = usePlansQuery();
  const system = useSystem();
  const [settingUp, setSettingUp] = useState(false);
  const [told, setTold] = useState(false);
  useTheme();
  const repositories = useRepositories();
  // A repository without a plan is not the beginning: there is something to make a plan for.
  const empty = plans.data?.length === 0 && repositories.data?.length === 0;
  // Once begun, the first run ends only by itself: its plan exists before its first backup has started.
  if (empty && !settingUp) setSettingUp(true);

  useEffect(() => {
    if (system.data) document.documentElement.dataset.platform = system.data.platform;
  }, [system.data]);

  const error = plans.error ?? repositories.error ?? system.error;
  if (error) {
    const known = PlatformError.from(error);
    return (
      <main className="start-problem">
        <Problem
          live
          title="Alcove could not read its records"
          hints={known.hints}
          actions={
            <Button
              kind="primary"
              size="sm"
              onClick={() => {
                void plans.refetch();
                void repositories.refetch();
                void system.refetch();
              }}
            >
              Try again
            </Button>
          }
        >
          {known.message}
        </Problem>
      </main>
    );
  }
  if (!plans.data || !repositories.data || !system.data) return <main aria-busy="true" aria-label="Alcove" />;
  const { recovery } = system.data;
  if (settingUp && recovery && !told) {
    return (
      <main className="start-problem">
        <Recovered
          recovery={recovery}
          actions={
            <Button kind="primary" size="sm" onClick={() => setTold(true)}>
              Go on
            </Button>
          }
        />
      </main>
    );
  }
  if (settingUp) return <FirstRun system={system.data} onDone={() => setSettingUp(false)} />;
  return <Shell />;
}
