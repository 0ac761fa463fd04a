// Somebody else's part of the page, with a copy of the package of its own beside it.
export { PermissionDenied, Service } from "rolecall";
