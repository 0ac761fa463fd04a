import { createRoot } from "react-dom/client";
import { Service } from "rolecall";
import access from "./access.json";
import { App } from "./app.jsx";

createRoot(document.querySelector("#app")).render(<App service={Service.from(access)} />);
