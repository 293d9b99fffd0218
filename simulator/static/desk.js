"use strict";
// The desktop: people on the left, open phones side by side, the demo clock, the log.
const port = document.body.dataset.port;
const people = document.getElementById("people");
const phones = document.getElementById("phones");
const log = document.getElementById("log");
const search = document.getElementById("search");
const tags = new Map();
let ahead = 0;

async function fragment(path, place) {
  const old = tags.get(path);
  const answer = await fetch(path, { headers: old ? { "If-None-Match": old } : {}, cache: "no-store" });
  if (answer.status !== 200) return false;
  tags.set(path, answer.headers.get("ETag"));
  place.innerHTML = await answer.text();
  return true;
}

async function call(path, body) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const told = await answer.json();
  document.getElementById("status").textContent = answer.ok ? "" : told.error;
  return answer.ok ? told : null;
}

// people

function opened() {
  return [...phones.querySelectorAll(".handset")].map((each) => ({ handle: each.dataset.handle, nickname: each.dataset.nickname }));
}

function remember() {
  try {
    localStorage.setItem("phones", JSON.stringify(opened()));
  } catch {
    // Without storage the phones are simply closed after a reload.
  }
  document.getElementById("empty").hidden = opened().length > 0;
  marks();
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem("phones"));
  } catch {
    return null;
  }
}

function marks() {
  const wanted = search.value.trim().toLowerCase();
  const open = new Set(opened().map((each) => each.handle));
  for (const item of people.querySelectorAll("li")) {
    item.hidden = !item.dataset.name.toLowerCase().includes(wanted);
    const button = item.firstElementChild;
    button.classList.toggle("open", open.has(button.dataset.handle));
  }
}

async function drawPeople() {
  const held = document.activeElement.dataset.handle;
  const inside = people.contains(document.activeElement);
  const changed = await fragment("/page/people", people);
  if (!changed) return;
  marks();
  if (inside && held) people.querySelector(`[data-handle="${held}"]`)?.focus();
}

// phones

function handset(handle, nickname) {
  const found = phones.querySelector(`.handset[data-handle="${handle}"]`);
  if (found) return found;
  const box = document.createElement("section");
  box.className = "handset";
  box.dataset.handle = handle;
  box.dataset.nickname = nickname;
  const head = document.createElement("header");
  const name = document.createElement("strong");
  name.textContent = nickname;
  const shut = document.createElement("button");
  shut.type = "button";
  shut.textContent = "放下";
  shut.setAttribute("aria-label", `放下 ${nickname} 的手机`);
  shut.addEventListener("click", () => {
    box.remove();
    remember();
  });
  head.append(name, shut);
  const frame = document.createElement("iframe");
  frame.title = `${nickname} 的手机`;
  frame.src = `http://${handle}.localhost:${port}/phone`;
  box.append(head, frame);
  phones.append(box);
  return box;
}

function pick(handle, nickname) {
  const box = handset(handle, nickname);
  for (const each of phones.querySelectorAll(".handset")) each.classList.toggle("current", each === box);
  remember();
  show("phone");
  box.scrollIntoView({ inline: "nearest" });
}

function show(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === view));
  if (view === "log") drawLog();
}

// clock and log

function quiet(moment) {
  // The desk knows no holidays: weekends and the hours in which reminders wait are what it can tell.
  const beijing = new Date(moment + 8 * 3600 * 1000);
  const minute = beijing.getUTCHours() * 60 + beijing.getUTCMinutes();
  return beijing.getUTCDay() % 6 === 0 || minute < 8 * 60 || minute >= 21 * 60 + 30;
}

async function readClock() {
  const answer = await fetch("/desk/clock", { cache: "no-store" });
  ahead = (await answer.json()).offset_seconds;
  tick();
}

function tick() {
  const words = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", year: "numeric", month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  const moment = Date.now() + ahead * 1000;
  document.getElementById("now").textContent = `北京时间 ${words.format(moment)}`;
  document.getElementById("quiet").hidden = !quiet(moment);
}

async function advance(seconds) {
  const told = await call("/desk/clock", { advance_seconds: seconds });
  if (told) ahead = told.offset_seconds;
  tick();
}

function drawLog() {
  return fragment("/page/log", log);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.handle) pick(button.dataset.handle, button.dataset.nickname);
  if (button.dataset.show) show(button.dataset.show);
  if (button.dataset.advance) advance(Number(button.dataset.advance));
  if (button.id === "log-button") {
    const open = document.body.classList.toggle("log-open");
    button.setAttribute("aria-expanded", String(open));
    if (open) drawLog();
  }
});

document.getElementById("custom").addEventListener("submit", (event) => {
  event.preventDefault();
  const minutes = document.getElementById("minutes");
  advance(Number(minutes.value) * 60);
  minutes.value = "";
});

document.getElementById("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = document.getElementById("nickname");
  const told = await call("/desk/users", { nickname: field.value });
  if (!told) return;
  field.value = "";
  await drawPeople();
  pick(told.handle, told.nickname);
});

search.addEventListener("input", marks);

async function look() {
  const logSeen = document.body.classList.contains("log-open") || document.body.dataset.view === "log";
  const jobs = [drawPeople(), readClock()];
  if (logSeen) jobs.push(drawLog());
  await Promise.all(jobs);
}

async function loop() {
  try {
    if (!document.hidden) await look();
  } catch {
    // The desk is being restarted: the next look finds it.
  }
  setTimeout(loop, 2000);
}

async function start() {
  await drawPeople();
  const buttons = [...people.querySelectorAll("button")];
  const known = new Map(buttons.map((each) => [each.dataset.handle, each.dataset.nickname]));
  const wanted = new URLSearchParams(location.search).get("open");
  // Whoever came first is who the desk was set up for: the residents of the demo.
  const first = buttons.sort((a, b) => a.dataset.seq - b.dataset.seq).slice(0, 1).map((each) => each.dataset.handle);
  const saved = remembered();
  const handles = wanted ? wanted.split(",") : saved ? saved.map((each) => each.handle) : first;
  for (const handle of handles) if (known.has(handle)) handset(handle, known.get(handle));
  phones.querySelector(".handset")?.classList.add("current");
  document.getElementById("empty").hidden = opened().length > 0;
  marks();
  if (wanted) show("phone");
  setInterval(tick, 1000);
  loop();
}
start();
