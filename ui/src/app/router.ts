/** Where the window is, kept in the URL so that a reload and the Back button find it: #/overview, #/jobs/17. */
import { useSyncExternalStore } from "react";

export type Route = { screen: "overview" } | { screen: "jobs"; job: number | null } | { screen: "settings" };

export function parseRoute(hash: string): Route {
  const [screen, id] = hash.replace(/^#\/?/, "").split("/");
  if (screen === "settings") return { screen };
  if (screen !== "jobs") return { screen: "overview" };
  const job = Number(id);
  return { screen: "jobs", job: Number.isInteger(job) && job > 0 ? job : null };
}

export function hrefOf(route: Route): string {
  if (route.screen !== "jobs") return `#/${route.screen}`;
  return route.job === null ? "#/jobs" : `#/jobs/${route.job}`;
}

export function go(route: Route): void {
  window.location.hash = hrefOf(route);
}

const subscribe = (listener: () => void) => {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
};

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => window.location.hash));
}
