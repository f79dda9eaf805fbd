// A worker's timer: browsers slow down the timers of a hidden page, but hardly those of its workers.

let timer = 0;
self.onmessage = ({ data }) => {
  clearInterval(timer);
  if (data > 0) timer = setInterval(() => self.postMessage(0), data);
};
