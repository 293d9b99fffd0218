"use strict";
// One phone: draws its thread (polling with ETag), sends what its person does.
const openid = document.body.dataset.openid;
const thread = document.getElementById("thread");
const status = document.getElementById("status");
const content = document.getElementById("content");
let tag = "";
let looks = 0;
let drawn = 0;
let read = 0;
let low = true;

function say(words, bad) {
  status.textContent = words;
  status.classList.toggle("bad", Boolean(bad));
}

// A phone that isn't on the screen (another tab, or hidden by the desktop) reads nothing.
function seen() {
  return !document.hidden && window.innerHeight > 0;
}

// Who reads the end stays there when something is added or the window shrinks; who reads above isn't moved.
function down() {
  if (low) thread.scrollTop = thread.scrollHeight;
}

thread.addEventListener("scroll", () => {
  low = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
});
new ResizeObserver(down).observe(thread);

// Two looks may be under way at once: an earlier one that ends later is not drawn over a later one.
async function draw() {
  const look = ++looks;
  const answer = await fetch("/phone/thread", { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
  const words = answer.status === 200 ? await answer.text() : "";
  if (answer.status === 200 && look > drawn) {
    drawn = look;
    tag = answer.headers.get("ETag");
    const focused = thread.contains(document.activeElement);
    thread.innerHTML = words;
    if (focused) thread.focus();
    down();
  }
  const list = thread.querySelector("ol");
  const last = list ? Number(list.dataset.last) : 0;
  if (last > read && seen()) {
    read = last;
    await post("/phone/read", { id: last });
  }
}

function post(path, body) {
  return fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

async function send(body) {
  say("发送中…");
  try {
    const sending = post(`/desk/users/${openid}/messages`, body);
    setTimeout(refresh, 60);
    const answer = await sending;
    const told = await answer.json();
    say(answer.ok ? "" : told.error, !answer.ok);
  } catch {
    say("没有发出去：桌面微信没有回应，请看看它是否还在运行。", true);
  }
  low = true;
  await refresh();
  down();
}

function close(except) {
  for (const button of document.querySelectorAll("[data-panel]")) {
    const open = button === except && button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    document.getElementById(button.dataset.panel).hidden = !open;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button, a[data-send]");
  if (!button) return;
  if (button.dataset.panel) close(button);
  if (button.dataset.fill) {
    content.value = button.dataset.fill;
    close();
    content.focus();
  }
  if (button.dataset.send) {
    close();
    send(JSON.parse(button.dataset.send));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});

document.getElementById("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = content.value;
  if (!words) return;
  content.value = "";
  close();
  send({ type: "text", content: words });
});

document.getElementById("scan").addEventListener("submit", (event) => {
  event.preventDefault();
  const scene = document.getElementById("scene");
  close();
  send({ type: "scan", scene: scene.value });
  scene.value = "";
});

document.getElementById("link").addEventListener("submit", (event) => {
  event.preventDefault();
  const address = document.getElementById("address");
  close();
  send({ type: "link", title: new URL(address.value).hostname, url: address.value });
  address.value = "";
});

async function refresh() {
  try {
    await draw();
  } catch {
    // The desk is being restarted: the next look finds it.
  }
}

async function loop() {
  if (seen()) await refresh();
  setTimeout(loop, 1500);
}
loop();
