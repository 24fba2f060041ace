// The other end of gradient.mjs.
const channel = new BroadcastChannel('gradient');
let program;

channel.onmessage = async ({ data }) => {
  const { module, url, device } = data;
  if (!module) return;
  try {
    program ??= import(module).then(async (bindings) => {
      await bindings.default();
      return bindings;
    });
    const { gradient_case } = await program;
    const json = await (await fetch(url)).text();
    channel.postMessage({ url, report: JSON.parse(await gradient_case(json, device)) });
  } catch (error) {
    channel.postMessage({ url, report: { error: String(error?.stack ?? error) } });
  }
};
channel.postMessage({ ready: true });
