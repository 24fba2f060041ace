// Runs gradient cases in the GPU worker's own program, inside a worker as on the page.
let worker;
let program;
const waiting = new Map();

/** The report of the case at `url`, computed by the module at `module` on `cpu` or `gpu`. */
window.gradientCase = (module, url, device) => {
  if (program !== module) {
    worker?.terminate();
    program = module;
    worker = new Worker(new URL('gradient-worker.mjs', import.meta.url), { type: 'module' });
    worker.onerror = (event) => settle({ error: event.message });
  }
  // Not by message: those belong to the program, which answers the page's requests.
  const channel = new BroadcastChannel('gradient');
  return new Promise((resolve) => {
    waiting.set(url, resolve);
    channel.onmessage = ({ data }) => {
      if (data.ready) channel.postMessage({ module, url, device });
      if (data.report && data.url === url) {
        channel.close();
        waiting.delete(url);
        resolve(data.report);
      }
    };
    channel.postMessage({ module, url, device });
  });
};

function settle(report) {
  for (const resolve of waiting.values()) resolve(report);
  waiting.clear();
}
