// The page of all four tools: shows what needs scripts, and asks the browser to keep it for when there is no network.

import "./timer.js";
import "./metronome.js";
import "./tuner.js";
import "./drone.js";

for (const part of document.querySelectorAll("[data-tool]")) part.hidden = false;

// The kept page is drawn for nobody, so it does not know the colours that the reader chose.
const root = document.documentElement;
const theme = /(?:^|; )theme=(dark|light)/.exec(document.cookie)?.[1];
if (theme && !root.dataset.bsTheme) root.dataset.bsTheme = theme;

const { worker, scope } = document.querySelector("[data-worker]").dataset;
navigator.serviceWorker?.register(worker, { scope }).catch(() => { /* private window or old browser: the tools need the network */ });
