/** Loaded into the measured app: reports its CPU time and memory over IPC. */
process.on('message', () => {
  process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage().rss });
});
// The channel must not keep the process alive.
process.channel?.unref();
