/**
 * Where the window is, kept in the URL so that a reload and the Back button find it: #/overview, #/jobs/17.
 *
 * A screen may hold the route while something on it is unsaved: then a new hash is put back and the screen asks.
 */
import { useSyncExternalStore } from "react";

export type Route =
  | { screen: "overview" }
  | { screen: "jobs"; job: number | null }
  | { screen: "repositories"; repository: number | "connect" | null }
  /** A new plan may begin with a repository: #/plans/new/2. */
  | { screen: "plans"; plan: number | "new" | null; repository?: number }
  | { screen: "settings" };

function numberIn(part: string | undefined): number | null {
  return Number.isInteger(Number(part)) && Number(part) > 0 ? Number(part) : null;
}

export function parseRoute(hash: string): Route {
  const [screen, id, further] = hash.replace(/^#\/?/, "").split("/");
  const number = numberIn(id);
  switch (screen) {
    case "jobs":
      return { screen, job: number };
    case "repositories":
      return { screen, repository: id === "connect" ? id : number };
    case "plans":
      if (id !== "new") return { screen, plan: number };
      return { screen, plan: id, ...(numberIn(further) && { repository: Number(further) }) };
    case "settings":
      return { screen };
    default:
      return { screen: "overview" };
  }
}

function partOf(route: Route): number | string | null {
  switch (route.screen) {
    case "jobs":
      return route.job;
    case "repositories":
      return route.repository;
    case "plans":
      return route.repository ? `${route.plan}/${route.repository}` : route.plan;
    default:
      return null;
  }
}

export function hrefOf(route: Route): string {
  const part = partOf(route);
  return part === null ? `#/${route.screen}` : `#/${route.screen}/${part}`;
}

export function go(route: Route): void {
  window.location.hash = hrefOf(route);
}

/** Returns whether the route stays where it is. */
type Hold = (to: string) => boolean;

let hold: Hold | null = null;
let shown = "";

/** Holds the route from now on. */
export function holdRoute(asked: Hold): void {
  shown = window.location.hash;
  hold = asked;
}

export function letRouteGo(): void {
  hold = null;
}

const subscribe = (listener: () => void) => {
  const onChange = () => {
    const to = window.location.hash;
    if (hold && to !== shown && hold(to)) {
      window.history.replaceState(null, "", shown);
      return;
    }
    listener();
  };
  window.addEventListener("hashchange", onChange);
  return () => window.removeEventListener("hashchange", onChange);
};

/** While the route is held the screen stays, whatever the URL says for a moment. */
const current = () => (hold ? shown : window.location.hash);

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, current));
}
