// Runs gradient cases in the GPU worker's own program, inside a worker as on the page: one worker a case,
// because a program starts its GPU once.

/** The report of the case at `url`, computed by the module at `module` on `cpu` or `gpu`. */
window.gradientCase = async (module, url, device) => {
  const worker = new Worker(new URL('gradient-worker.mjs', import.meta.url), { type: 'module' });
  // Not by message: those belong to the program, which answers the page's requests.
  const channel = new BroadcastChannel('gradient');
  const report = await new Promise((resolve) => {
    worker.onerror = (event) => resolve({ error: event.message });
    channel.onmessage = ({ data }) => {
      if (data.ready) channel.postMessage({ module, url, device });
      if (data.report) resolve(data.report);
    };
  });
  channel.close();
  worker.terminate();
  return report;
};
