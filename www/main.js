// @ts-check
import { byId } from "./dom.js";
import { codePanel } from "./panels/code.js";
import { decisionsPanel } from "./panels/decisions.js";
import { payloadPanel } from "./panels/payload.js";
import { permissionsPanel } from "./panels/permissions.js";
import { previewPanel } from "./panels/preview.js";
import { questionPanel } from "./panels/question.js";
import { State } from "./state.js";

const state = new State();
for (const panel of [questionPanel, previewPanel, decisionsPanel, permissionsPanel, codePanel]) panel(state);
state.subscribe(() => byId("main", HTMLElement).removeAttribute("aria-busy"));
payloadPanel(state).start("community");
