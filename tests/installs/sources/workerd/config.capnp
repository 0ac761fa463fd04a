using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "rolecall.wasm", wasm = embed "dist/rolecall.wasm"),
  ],
  compatibilityDate = "2025-01-01",
);
