using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "worker", worker = .worker), (name = "blocked", worker = .blocked)],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "rolecall.wasm", wasm = embed "dist/rolecall.wasm"),
  ],
  # From before Workers had WeakRef.
  compatibilityDate = "2025-01-01",
);

const blocked :Workerd.Worker = (
  modules = [(name = "blocked.js", esModule = embed "dist/blocked.js")],
  compatibilityDate = "2026-01-01",
);
