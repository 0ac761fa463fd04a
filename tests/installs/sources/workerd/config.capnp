using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "worker", worker = .worker), (name = "tests", worker = .tests)],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "rolecall.wasm", wasm = embed "dist/rolecall.wasm"),
  ],
  # From before Workers had WeakRef.
  compatibilityDate = "2025-01-01",
  globalOutbound = "tests",
);

const tests :Workerd.Worker = (
  modules = [(name = "tests.js", esModule = embed "dist/tests.js")],
  compatibilityDate = "2026-01-01",
  bindings = [(name = "worker", service = "worker")],
);
