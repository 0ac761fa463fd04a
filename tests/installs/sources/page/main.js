import { Service } from "rolecall";
import access from "./access.json";
import { show } from "./view.js";

show(Service.from(access));
