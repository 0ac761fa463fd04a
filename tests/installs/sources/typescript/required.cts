import rolecall = require("rolecall");

const service: rolecall.Service = rolecall.Service.from({ roles: [] });
export const answer: boolean = service.ability("alice").can("createChannel");
