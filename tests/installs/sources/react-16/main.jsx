import { render } from "react-dom";
import { Service } from "rolecall";
import access from "./access.json";
import { App } from "./app.jsx";

render(<App service={Service.from(access)} />, document.querySelector("#app"));
