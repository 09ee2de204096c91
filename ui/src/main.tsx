import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./styles/tokens.css";
import "./styles/base.css";
import { App } from "./app/App";
import { choosePlatform } from "./platform/choose";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
const platform = await choosePlatform();
createRoot(root).render(
  <StrictMode>
    <App platform={platform} />
  </StrictMode>,
);
