const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const app = document.querySelector("#app");
app.innerHTML = '<button id="delete" hidden>Delete</button>';
worker.onmessage = ({ data }) => {
  app.querySelector("#delete").hidden = !data.mayDelete;
  if (app.querySelector("#promote")) return;
  const promote = document.createElement("button");
  promote.id = "promote";
  promote.textContent = "Promote";
  promote.onclick = () => worker.postMessage("promote");
  app.append(promote);
};
