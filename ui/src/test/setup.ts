import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";

configure({ asyncUtilTimeout: 5000 });

// jsdom lays nothing out; lists that draw what is in sight need a window of some height.
Object.defineProperties(HTMLElement.prototype, {
  clientHeight: { configurable: true, get: () => 600 },
  clientWidth: { configurable: true, get: () => 1000 },
});
Element.prototype.scrollTo = function (to?: ScrollToOptions | number) {
  if (typeof to === "object") this.scrollTop = to.top ?? this.scrollTop;
  this.dispatchEvent(new Event("scroll"));
};
Element.prototype.scrollIntoView = () => undefined;
HTMLCanvasElement.prototype.getContext = () => null;
Element.prototype.getAnimations ??= () => [];

beforeEach(() => {
  window.location.hash = "";
});
afterEach(cleanup);
