const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// The desk speaks English, with the reader's own way of writing dates if that is English, too.
const LOCALE = navigator.languages.find((tag) => tag.startsWith("en")) ?? "en-GB";
const format = (options) => new Intl.DateTimeFormat(LOCALE, options);
const TIME = format({ hour: "numeric", minute: "2-digit" });
const DATE = format({ weekday: "short", day: "numeric", month: "short" });
const YEAR = format({ day: "numeric", month: "short", year: "numeric" });
const FULL = format({ dateStyle: "full", timeStyle: "short" });
const RELATIVE = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });

let skew = 0; // ms that the server's clock is ahead of this one

/** Takes the server's time from an answer: deadlines are its, this computer's clock may be off. */
export function setClock(date) {
  const ahead = Date.parse(date) - Date.now();
  if (Number.isFinite(ahead)) skew = Math.abs(ahead) < 5000 ? 0 : ahead;
}

/** The server's time in ms. */
export function now() {
  return Date.now() + skew;
}

/** Milliseconds in words of at most two units: "2 d 4 h", "35 min". */
export function duration(ms) {
  const minutes = Math.floor(Math.abs(ms) / MINUTE);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  if (days) return hours && days < 7 ? `${days} d ${hours} h` : `${days} d`;
  if (hours) return minutes % 60 && hours < 10 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return minutes ? `${minutes} min` : "under 1 min";
}

/** "Today", "Yesterday", or the date. */
export function day(when) {
  const midnight = (time) => new Date(time).setHours(0, 0, 0, 0);
  const ago = Math.round((midnight(now()) - midnight(when)) / DAY);
  if (Math.abs(ago) < 2) {
    const words = RELATIVE.format(-ago, "day");
    return words[0].toUpperCase() + words.slice(1);
  }
  return (Math.abs(ago) < 300 ? DATE : YEAR).format(new Date(when));
}

export function time(when) {
  return TIME.format(new Date(when));
}

/** The time, with the day before it unless it is today. */
export function moment(when) {
  const today = day(when);
  return today === "Today" ? time(when) : `${today}, ${time(when)}`;
}

export function fullMoment(when) {
  return FULL.format(new Date(when));
}

/** A date as `<input type="datetime-local">` writes it. */
export function toField(date) {
  return new Date(date - date.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}

/** That many days from now, at that hour here. */
export function dayAt(days, hour) {
  const date = new Date(now());
  date.setDate(date.getDate() + days);
  date.setHours(hour, 0, 0, 0);
  return date;
}

export function inHours(hours) {
  return new Date(now() + hours * HOUR);
}
