// The timer's rules, without a page. It never counts ticks: a state says since when it runs, by the wall clock, so a
// reload, a sleeping phone or a slow tab change nothing. Moments are milliseconds since 1970, lengths milliseconds.
//   started  since when it runs, or null        before  what had run until then
//   seen     when a page last looked            sure    up to where somebody was certainly playing
//   doubt    up to where to count if they were not: set while the question "Still playing?" stands
//   every    minutes between two sounds, 0 for none; ask: minutes until the question, 0 for never

export const MINUTE = 60_000;
export const CAP = 5 * 60 * MINUTE;
// Nobody looked for so long: the device slept or the page was closed. A slow tab looks once a minute.
const GAP = 5 * MINUTE;

export const fresh = (settings = {}) => ({ started: null, before: 0, seen: 0, sure: 0, doubt: null, every: 0, ask: 45, ...settings });

export function isOurs(state) {
  return Boolean(state) && ["before", "seen", "sure", "every", "ask"].every((name) => Number.isFinite(state[name]) && state[name] >= 0)
    && (state.started === null || Number.isFinite(state.started));
}

// A clock that was set back counts nothing rather than less than nothing.
export function elapsed(state, now) {
  const running = state.started === null ? 0 : Math.max(0, now - state.started);
  return Math.min(CAP, state.before + running);
}

export const isAtCap = (state, now) => elapsed(state, now) >= CAP;

export function start(state, now) {
  return { ...state, started: now, seen: now, doubt: null, sure: state.before };
}

export function pause(state, now) {
  return { ...state, before: elapsed(state, now), started: null, doubt: null };
}

// One look at the clock: the new state, and what a page should tell ("interval", "cap", or nothing).
export function look(state, now) {
  if (state.started === null) return { state, news: null };
  const ran = elapsed(state, now);
  const earlier = elapsed(state, state.seen);
  let { doubt } = state;
  if (doubt === null && now - state.seen > GAP) doubt = earlier;
  else if (doubt === null && state.ask && ran - state.sure >= state.ask * MINUTE) doubt = ran;
  const seen = { ...state, seen: now, doubt };
  if (ran >= CAP) return { state: { ...pause(seen, now), doubt }, news: earlier < CAP ? "cap" : null };
  const step = state.every * MINUTE;
  const isDue = step && Math.floor(ran / step) > Math.floor(earlier / step);
  return { state: seen, news: isDue ? "interval" : null };
}

export function yes(state, now) {
  return { ...state, sure: elapsed(state, now), doubt: null };
}

export function no(state) {
  return { ...state, before: state.doubt, started: null, doubt: null };
}

// A session is at least a minute; half a minute more is one.
export const minutes = (state, now) => Math.max(1, Math.round(elapsed(state, now) / MINUTE));

export function words(length) {
  const seconds = Math.floor(length / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const [hours, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(rest)}:${two(seconds % 60)}` : `${rest}:${two(seconds % 60)}`;
}
