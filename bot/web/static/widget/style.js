/** Where the panel covers the whole screen. */
export const PHONE = "(max-width: 479.98px), (max-height: 439.98px)";

/** Sizes are in px, as a shop may have bent rem; the store's colours come from colour.js. */
export const css = `
:host {
  all: initial !important;
  position: fixed !important;
  z-index: 2147483000 !important;
}
@media print {
  :host {
    display: none !important;
  }
}
.makegood {
  --surface: #fff;
  --ground: #f3f4f6;
  --text: #1b1e24;
  --muted: #5a616d;
  --edge: #dcdfe5;
  --field: #767d8a;
  --bad: #b3261e;
  --bad-ground: #fdeceb;
  --accent: var(--accent-light);
  color: var(--text);
  color-scheme: light;
  font:
    15px/1.45 system-ui,
    "Segoe UI",
    Roboto,
    "Helvetica Neue",
    Arial,
    sans-serif;
}
@media (prefers-color-scheme: dark) {
  .makegood {
    --surface: #2c3038;
    --ground: #1a1d22;
    --text: #eef0f4;
    --muted: #aeb5c1;
    --edge: #434955;
    --field: #8b93a1;
    --bad: #ffb4ab;
    --bad-ground: #4a2422;
    --accent: var(--accent-dark);
    color-scheme: dark;
  }
}
*,
::before,
::after {
  box-sizing: border-box;
  margin: 0;
  padding: 0;
}
[hidden] {
  display: none !important;
}
ul,
ol {
  list-style: none;
}
h2 {
  font-size: 17px;
  line-height: 1.3;
}
button,
textarea {
  font: inherit;
  color: inherit;
  background: none;
  border: 0;
}
button {
  cursor: pointer;
}
svg {
  display: block;
  flex: none;
  width: 22px;
  height: 22px;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.8;
  stroke-linecap: round;
  stroke-linejoin: round;
}
:focus {
  outline: none;
}
:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}
small {
  display: block;
}
small,
.status,
.day,
.meta,
.pill,
.badge,
[data-sender="system"] {
  font-size: 13px;
}
small,
.day,
.meta,
.field,
[data-sender="system"] {
  color: var(--muted);
}
.heard {
  position: absolute;
  overflow: hidden;
  width: 1px;
  height: 1px;
  clip-path: inset(50%);
  white-space: nowrap;
}

.launcher,
.face,
.avatar,
.round {
  display: grid;
  place-items: center;
  border-radius: 50%;
}
.launcher,
.panel {
  position: fixed;
  right: calc(20px + env(safe-area-inset-right));
  box-shadow: 0 8px 32px #0006;
}
.launcher {
  bottom: calc(20px + env(safe-area-inset-bottom));
  width: 60px;
  height: 60px;
  border: 2px solid #fff;
  background: var(--brand);
  color: var(--on-brand);
}
.launcher:focus-visible {
  outline: 3px solid #fff;
  box-shadow: 0 0 0 8px #000;
}
.launcher svg {
  width: 30px;
  height: 30px;
}
[aria-expanded="true"] > :first-child,
[aria-expanded="false"] > :nth-child(2) {
  display: none;
}
.badge {
  position: absolute;
  top: -6px;
  right: -6px;
  min-width: 24px;
  padding: 0 6px;
  border: 2px solid #fff;
  border-radius: 12px;
  background: #c8102e;
  color: #fff;
  line-height: 20px;
}

.panel {
  bottom: calc(94px + env(safe-area-inset-bottom));
  display: flex;
  flex-direction: column;
  width: 390px;
  height: min(660px, 100vh - 114px);
  overflow: hidden;
  border: 1px solid var(--edge);
  border-radius: 20px;
  background: var(--ground);
  animation: rise 0.2s;
}
@keyframes rise {
  from {
    opacity: 0;
    transform: translateY(16px);
  }
}
[data-drop] .log {
  outline: 3px dashed var(--accent);
  outline-offset: -8px;
}
.top,
.lost,
.head,
.lines li,
.total,
.field {
  display: flex;
  align-items: center;
  gap: 4px 12px;
  justify-content: space-between;
}
.top {
  padding: 14px 12px 14px 16px;
  background: var(--brand);
  color: var(--on-brand);
}
.top div {
  flex: 1;
  min-width: 0;
  overflow-wrap: anywhere;
}
.top :focus-visible {
  outline-color: currentColor;
}
.avatar {
  width: 42px;
  height: 42px;
  overflow: hidden;
  border: 1.5px solid;
}
img,
.tray canvas {
  width: 100%;
  height: 100%;
  object-fit: cover;
}
.round {
  flex: none;
  width: 40px;
  height: 40px;
}
.plain {
  padding: 3px;
  color: inherit;
  font-weight: 600;
  text-decoration: underline;
}
.lost {
  padding: 6px 16px;
  background: var(--bad-ground);
  color: var(--bad);
  font-size: 14px;
}

.wait,
.rate {
  padding: 8px 16px;
  border-bottom: 1px solid var(--edge);
  background: var(--surface);
  font-size: 14px;
}
.wait > div,
.wait form {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 12px;
  align-items: baseline;
  justify-content: space-between;
}
.wait input,
.rate textarea {
  flex: 1;
  min-width: 0;
  width: 100%;
  padding: 6px 10px;
  border: 1px solid var(--field);
  border-radius: 10px;
  background: var(--ground);
  color: inherit;
  font: inherit;
}
.rate {
  border-top: 1px solid var(--edge);
  text-align: center;
}
.keys {
  display: flex;
  justify-content: center;
}
.keys .round {
  width: 48px;
  height: 48px;
  background: none;
  color: var(--accent);
}
[data-lit] svg {
  fill: currentColor;
}
.rate .choice {
  margin: 6px auto;
}
.name {
  margin: 0 4px;
  font-size: 13px;
  font-weight: 600;
}
.message:not([data-first]) .name {
  position: absolute;
  clip-path: inset(50%);
}

.log {
  position: relative;
  flex: 1;
  overflow: hidden auto;
  overscroll-behavior: contain;
  padding: 16px;
  scrollbar-width: thin;
}
.log:focus-visible {
  outline-offset: -3px;
}
.list,
.message {
  display: flex;
  flex-direction: column;
  align-items: flex-start;
  gap: 6px;
}
.day {
  align-self: center;
  padding: 10px;
}
.message {
  position: relative;
  align-self: stretch;
  padding: 0 24px 0 38px;
}
[data-last] {
  margin-bottom: 8px;
}
[data-sender="buyer"] {
  align-items: flex-end;
  padding: 0 0 0 50px;
}
[data-sender="system"] {
  align-items: center;
  padding: 0 20px;
  text-align: center;
}
.face {
  position: absolute;
  left: 0;
  width: 30px;
  height: 30px;
  border: 1px solid var(--edge);
  background: var(--surface);
  color: var(--accent);
}
.message:not([data-first]) .face {
  display: none;
}
.face svg,
.choice svg {
  width: 19px;
  height: 19px;
}
.bubble {
  max-width: 100%;
  padding: 8px 13px;
  border: 1.5px solid transparent;
  border-radius: 5px 18px 18px;
  background: var(--surface);
  overflow-wrap: anywhere;
  white-space: pre-wrap;
}
[data-sender="buyer"] .bubble {
  border-radius: 18px 18px 5px;
  background: var(--brand);
  color: var(--on-brand);
}
[data-sender="system"] .bubble {
  padding: 0;
  background: none;
}
.message:is([data-state="waiting"], [data-state="failed"]) .bubble {
  border: 1.5px dashed var(--field);
  background: none;
  color: var(--text);
}
.meta {
  margin: 0 4px;
}
.meta:empty,
[data-sender="system"] .meta,
.problem:empty,
.tray:empty {
  display: none;
}
.meta button {
  margin-left: 8px;
}
[data-state="failed"] .meta {
  color: var(--bad);
  text-align: right;
}
a {
  color: var(--accent);
}

.choices {
  display: flex;
  flex-wrap: wrap;
  gap: 8px;
}
.choices.offer {
  align-self: stretch;
  flex-direction: column;
}
.choice {
  display: flex;
  align-items: center;
  gap: 8px;
  min-height: 40px;
  padding: 7px 15px;
  border: 1.5px solid var(--accent);
  border-radius: 20px;
  background: var(--surface);
  color: var(--accent);
  font-weight: 600;
  line-height: 1.3;
  text-align: left;
  overflow-wrap: anywhere;
}
.offer .choice {
  border-radius: 14px;
}
[aria-disabled] {
  border-color: var(--edge);
  color: var(--muted);
  cursor: default;
}
.choice:not([aria-disabled]):hover,
[aria-pressed] {
  border-color: var(--brand);
  background: var(--brand);
  color: var(--on-brand);
}
.choices :not([aria-pressed]) > svg,
[data-closed] .ask {
  display: none;
}

.photos {
  display: flex;
  flex-wrap: wrap;
  gap: 4px;
  justify-content: flex-end;
}
.photos canvas {
  max-width: 210px;
  max-height: 240px;
  border-radius: 14px;
  background: var(--edge);
}
.photos :not(:only-child) {
  width: 102px;
  height: 102px;
  object-fit: cover;
}

.file {
  display: flex;
  align-items: center;
  gap: 10px;
  max-width: 100%;
  padding: 8px 14px;
  border: 1px solid var(--field);
  border-radius: 14px;
  background: var(--surface);
  text-align: left;
  overflow-wrap: anywhere;
}
.file:hover {
  border-color: var(--accent);
}
.file svg {
  color: var(--accent);
}

.card {
  align-self: stretch;
  padding: 14px;
  border: 1px solid var(--edge);
  border-radius: 16px;
  background: var(--surface);
  font-size: 14px;
}
.head {
  flex-wrap: wrap;
  font-size: 15px;
}
.pill {
  padding: 1px 10px;
  border-radius: 11px;
  background: var(--ground);
  font-weight: 600;
}
[data-status="late"] {
  background: var(--bad-ground);
  color: var(--bad);
}
.lines,
.total,
.facts,
.steps {
  margin-top: 10px;
  padding-top: 10px;
  border-top: 1px solid var(--edge);
}
.total,
.now {
  font-weight: 600;
}
.lines li + li {
  margin-top: 6px;
}
.price {
  white-space: nowrap;
}
.facts {
  display: grid;
  grid-template-columns: 1fr 1fr;
  gap: 8px;
}
.steps li {
  position: relative;
  padding: 0 0 12px 24px;
}
.steps li::before {
  content: "";
  position: absolute;
  left: 0;
  top: 4px;
  width: 12px;
  height: 12px;
  border: 2px solid var(--accent);
  border-radius: 50%;
  background: var(--accent);
}
.steps :not(:last-child)::after {
  content: "";
  position: absolute;
  left: 5px;
  top: 18px;
  bottom: -2px;
  border-left: 2px solid var(--edge);
}
.steps [data-state="now"],
.steps [data-state="late"] {
  font-weight: 600;
}
.steps [data-state="now"]::before,
.steps [data-state="next"]::before {
  background: none;
}
.steps [data-state="next"] {
  color: var(--muted);
}
.steps [data-state="next"]::before {
  border-color: var(--field);
}
.steps [data-state="late"] {
  color: var(--bad);
}
.steps [data-state="late"]::before {
  border-color: var(--bad);
  background: var(--bad);
}

.typing {
  display: flex;
  gap: 5px;
  width: max-content;
  margin: 6px 0 0 38px;
  padding: 15px;
  border-radius: 5px 18px 18px;
  background: var(--surface);
}
.typing i {
  width: 7px;
  height: 7px;
  border-radius: 50%;
  background: var(--muted);
  animation: pulse 1.2s infinite;
}
.typing :nth-child(2) {
  animation-delay: 0.2s;
}
.typing :nth-child(3) {
  animation-delay: 0.4s;
}
@keyframes pulse {
  50% {
    opacity: 0.3;
  }
}

.composer {
  padding: 10px 12px calc(12px + env(safe-area-inset-bottom));
  border-top: 1px solid var(--edge);
  background: var(--surface);
}
.field {
  align-items: flex-end;
  gap: 2px;
  padding: 3px;
  border: 1px solid var(--field);
  border-radius: 24px;
}
.field:focus-within {
  border-color: var(--accent);
  box-shadow: 0 0 0 1px var(--accent);
}
textarea {
  flex: 1;
  min-width: 0;
  max-height: 132px;
  padding: 8px 2px;
  resize: none;
  color: var(--text);
  font-size: 16px;
  line-height: 24px;
}
textarea:focus-visible {
  outline: none;
}
::placeholder {
  color: var(--muted);
  opacity: 1;
}
.send {
  background: var(--brand);
  color: var(--on-brand);
}
.problem {
  margin-bottom: 8px;
  padding: 8px 12px;
  border-radius: 12px;
  background: var(--bad-ground);
  color: var(--bad);
  font-size: 14px;
  overflow-wrap: anywhere;
}
.tray {
  display: flex;
  flex-wrap: wrap;
  gap: 10px;
  padding: 4px 0 10px;
}
.tray li {
  position: relative;
  width: 60px;
  height: 60px;
}
.tray canvas {
  border-radius: 12px;
  background: var(--edge);
}
.tray .round {
  position: absolute;
  top: -8px;
  right: -8px;
  width: 26px;
  height: 26px;
  border: 2px solid var(--surface);
  background: #1b1e24;
  color: #fff;
}
.tray svg {
  width: 14px;
  height: 14px;
  stroke-width: 3;
}
progress {
  position: absolute;
  left: 6px;
  bottom: 4px;
  width: 48px;
  height: 8px;
  accent-color: var(--brand);
}

@media ${PHONE} {
  .panel {
    inset: var(--top, 0) 0 auto;
    width: 100%;
    height: var(--height, 100dvh);
    border: 0;
    border-radius: 0;
  }
  .top {
    padding-top: calc(12px + env(safe-area-inset-top));
  }
  .field .round,
  .top .round {
    width: 44px;
    height: 44px;
  }
  textarea {
    padding: 10px 2px;
  }
  [aria-expanded="true"] {
    display: none;
  }
}
@media (prefers-reduced-motion) {
  * {
    animation: none !important;
  }
}
`;
