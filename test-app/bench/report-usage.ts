/** Loaded into the app that is measured: tells over IPC what the process has used so far. */
process.on('message', () => {
  process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage().rss });
});
// The channel alone shall not keep the process alive.
process.channel?.unref();
