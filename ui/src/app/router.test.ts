import { expect, it } from "vitest";
import { hrefOf, parseRoute } from "./router";

it.each([
  ["", { screen: "overview" }],
  ["#/overview", { screen: "overview" }],
  ["#/jobs", { screen: "jobs", job: null }],
  ["#/jobs/17", { screen: "jobs", job: 17 }],
  ["#/repositories", { screen: "repositories", repository: null }],
  ["#/repositories/connect", { screen: "repositories", repository: "connect" }],
  ["#/repositories/2", { screen: "repositories", repository: 2 }],
  ["#/plans", { screen: "plans", plan: null }],
  ["#/plans/new", { screen: "plans", plan: "new" }],
  ["#/plans/new/2", { screen: "plans", plan: "new", repository: 2 }],
  ["#/plans/3", { screen: "plans", plan: 3 }],
  ["#/settings", { screen: "settings" }],
  ["#/jobs/-1", { screen: "jobs", job: null }],
  ["#/jobs/abc", { screen: "jobs", job: null }],
  ["#/nowhere", { screen: "overview" }],
] as const)("%s leads somewhere", (hash, route) => expect(parseRoute(hash)).toEqual(route));

it("a route and its link are the same", () => {
  for (const href of [
    "#/overview",
    "#/jobs",
    "#/jobs/17",
    "#/repositories",
    "#/repositories/connect",
    "#/repositories/2",
    "#/plans",
    "#/plans/new",
    "#/plans/new/2",
    "#/plans/3",
    "#/settings",
  ])
    expect(hrefOf(parseRoute(href))).toBe(href);
});
