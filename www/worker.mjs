// Loads a compute program and says how far it is; from then on the program itself listens.
// First message: { module, wasm, bytes }. Afterwards only the program's own messages cross, and failures.

let stage = "load";
let lastError = "";
const fail = (error) => self.postMessage({ kind: "failed", stage, message: lastError || String(error?.message ?? error) });

// A panic writes its message to the console and then traps: the message is worth more than "unreachable".
const write = console.error.bind(console);
console.error = (...words) => {
  lastError = words.map(String).join(" ").slice(0, 4000);
  write(...words);
};
self.addEventListener("error", (event) => fail(event.error ?? event.message));
self.addEventListener("unhandledrejection", (event) => fail(event.reason));

self.onmessage = async ({ data: { module, wasm, bytes } }) => {
  self.onmessage = null;
  try {
    const response = await fetch(wasm);
    if (!response.ok) throw new Error(`${response.status} ${wasm}`);
    let loaded = 0;
    const count = new TransformStream({
      transform(chunk, controller) {
        loaded += chunk.byteLength;
        self.postMessage({ kind: "progress", loaded, total: bytes });
        controller.enqueue(chunk);
      },
    });
    const headers = { "Content-Type": "application/wasm" };
    const compiled = WebAssembly.compileStreaming(new Response(response.body.pipeThrough(count), { headers }));
    const [{ default: init }, program] = await Promise.all([import(module), compiled]);
    stage = "run";
    await init({ module_or_path: program });
  } catch (error) {
    fail(error);
  }
};
