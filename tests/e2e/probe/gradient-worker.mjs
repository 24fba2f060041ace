// The other end of gradient.mjs.
const channel = new BroadcastChannel('gradient');

channel.onmessage = async ({ data: { module, url, device } }) => {
  try {
    const program = await import(module);
    await program.default();
    const json = await (await fetch(url)).text();
    channel.postMessage({ report: JSON.parse(await program.gradient_case(json, device)) });
  } catch (error) {
    channel.postMessage({ report: { error: String(error?.stack ?? error) } });
  }
};
channel.postMessage({ ready: true });
