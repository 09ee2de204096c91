import { expect, it } from "vitest";
import { hrefOf, parseRoute } from "./router";

it.each([
  ["", { screen: "overview" }],
  ["#/overview", { screen: "overview" }],
  ["#/jobs", { screen: "jobs", job: null }],
  ["#/jobs/17", { screen: "jobs", job: 17 }],
  ["#/settings", { screen: "settings" }],
  ["#/jobs/-1", { screen: "jobs", job: null }],
  ["#/jobs/abc", { screen: "jobs", job: null }],
  ["#/nowhere", { screen: "overview" }],
] as const)("%s leads somewhere", (hash, route) => expect(parseRoute(hash)).toEqual(route));

it("a route and its link are the same", () => {
  for (const href of ["#/overview", "#/jobs", "#/jobs/17", "#/settings"])
    expect(hrefOf(parseRoute(href))).toBe(href);
});
