// Loaded into the service (--import): the processor time of each turn of its event loop, in its own thread, so that a busy machine does not
// look like a stall. Whoever connects to STALL_PORT reads the longest turn since the last question, in milliseconds.
import { createServer } from 'node:net';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.env.STALL_PORT !== undefined && process.argv[1]?.endsWith('main.ts')) {
  let longest = 0;
  let before = process.threadCpuUsage();
  const turn = () => {
    const now = process.threadCpuUsage();
    const ms = (now.user - before.user + now.system - before.system) / 1000;
    before = now;
    if (ms > longest) longest = ms;
    setImmediate(turn).unref();
  };
  turn();
  createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(String(longest));
    longest = 0;
  })
    .listen(Number(process.env.STALL_PORT), '127.0.0.1')
    .unref();
}
