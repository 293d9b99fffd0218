"""`make demo`: database, app, scheduler and desk on this machine; Ctrl-C ends all of them.

A program that dies is started again, after growing waits; whatever ends this launcher, even
SIGKILL, ends them, too.

Starts programs and talks to them over HTTP only, as an operator would. Anything set in the
environment (XMZ_…) is honoured.
"""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
DEMO = {
    "XMZ_MODE": "demo",
    "PYTHONUNBUFFERED": "1",
    # One shape that people must allow on the page 有结果时通知我; the desk knows this id.
    "XMZ_WECHAT_NOTICE_ANSWER": "subscribe:DEMO_SUBSCRIBE_ONCE_ANSWER",
}


def read_environment() -> dict[str, str]:
    """The environment over `.env` over the demo's own; ends with a sentence for a broken file."""
    try:
        written = dotenv_values(ROOT / ".env")
    except UnicodeDecodeError:
        sys.exit("make demo: .env is not UTF-8 text; write it anew, one XMZ_NAME=value a line")
    known = {name: value for name, value in written.items() if value is not None}
    return DEMO | known | os.environ


def port_of(name: str, usual: str) -> int:
    """A port from the environment; ends with a sentence when it is none."""
    text = ENV.get(name, usual)
    if not text.isdigit() or not 0 < int(text) < 65536:
        sys.exit(f"make demo: {name}={text} is no port; give a number from 1 to 65535")
    return int(text)


ENV = read_environment()
HOST = ENV.get("XMZ_HOST", "127.0.0.1")
PORT = port_of("XMZ_PORT", "8000")
DESK_PORT = port_of("XMZ_DESK_PORT", "8100")
VAR = ROOT / ENV.get("XMZ_VAR_DIR", "var")
DESK = f"http://127.0.0.1:{DESK_PORT}"
APP = f"http://{'127.0.0.1' if HOST == '0.0.0.0' else HOST}:{PORT}"  # noqa: S104 - compared only

PROGRAMS: dict[str, list[Path | str]] = {
    "app": [BIN / "flask", "serve"],
    "scheduler": [BIN / "python", "-m", "scheduler"],
    "desk": [BIN / "python", "-m", "simulator"],
}
if ENV.get("XMZ_ENGINE") == "procrastinate":
    PROGRAMS["scheduler-2"] = PROGRAMS["scheduler"]  # two share the work
SETPRIV = shutil.which("setpriv")
"""Debian's way to ask the kernel for a signal when the parent dies; elsewhere Ctrl-C must do."""
LONGEST_WAIT = 30.0
SETTLED = 60.0
"""Seconds after which a program that dies is started again at once: it was no failed start."""
RESIDENTS = ("居民 老李", "居民 小赵")
ROLES = {
    "duty": "值班", "intake_staff": "受理", "restricted_staff": "专办", "leader": "领导",
    "first_convener": "第一召集人", "second_convener": "第二召集人", "station_head": "站长",
    "district_convener": "片区总召集人",
}  # fmt: skip
"""Everybody who may have to act gets a phone, in this order."""
LOGINS = {
    "intake_staff": "shouli", "restricted_staff": "zhuanban", "duty": "zhiban",
    "leader": "lingdao", "admin": "guanli", "auditor": "shenji",
}  # fmt: skip
"""Who in the office gets a login of the console."""


def fail(words: str) -> None:
    """Say what is wrong and stop."""
    sys.exit(f"make demo: {words}")


def flask(*arguments: str) -> str:
    """Run a command of ours; its stdout."""
    done = subprocess.run(
        [BIN / "flask", *arguments], cwd=ROOT, env=ENV, capture_output=True, text=True, check=False
    )
    if done.returncode:
        fail(f"flask {' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout


def check_port(port: int, key: str) -> None:
    """A port in use is said plainly, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            fail(f"port {port} is in use. Free it, or choose another: {key}=… make demo")


def hold_folder() -> None:
    """One demo a folder: two schedulers on one database would each do the other's work."""
    VAR.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = os.open(VAR / "demo.lock", os.O_RDWR | os.O_CREAT, 0o600)  # until this process ends
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fail(f"a demo is already running on {VAR}. End it, or choose another: XMZ_VAR_DIR=…")


def start(name: str, command: Sequence[Path | str]) -> subprocess.Popen[bytes]:
    """Start one program; its output goes to a log file of its own."""
    # A launcher that died before the kernel was asked would be missed: so the child looks once.
    look = ["/bin/sh", "-c", 'test "$PPID" = "$0" && exec "$@"', str(os.getpid())]
    bound = [SETPRIV, "--pdeathsig", "TERM", "--", *look] if SETPRIV else []
    with (VAR / "logs" / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [*bound, *command], cwd=ROOT, env=ENV, stdout=log, stderr=log, start_new_session=True
        )


@dataclass
class Life:
    """How one program fares: when it was started last, and the wait before the next start."""

    began: float
    wait: float = 1.0
    due: float = 0.0
    """When it is to be started again; 0 while it runs."""


def supervise(programs: dict[str, subprocess.Popen[bytes]]) -> None:
    """Start again what dies, until this launcher is ended. Called by the main thread only: the
    kernel's signal on a parent's death comes when the thread that started the child ends."""
    lives = {name: Life(_now()) for name in programs}
    while True:
        for name, life in lives.items():
            if life.due and _now() >= life.due:
                programs[name], life.began, life.due = start(name, PROGRAMS[name]), _now(), 0.0
                print(f"{name} 又启动了。", flush=True)
            elif not life.due and programs[name].poll() is not None:
                _mourn(name, programs[name], life)
        time.sleep(0.2)


def _now() -> float:
    return time.monotonic()


def _mourn(name: str, program: subprocess.Popen[bytes], life: Life) -> None:
    """Say that it died and when it comes again; its own children would still hold its port."""
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    life.wait = 1.0 if _now() - life.began > SETTLED else life.wait
    life.due = _now() + life.wait
    print(
        f"{name} 停了（退出码 {program.returncode}），{life.wait:.0f} 秒后再启动。"
        f"日志 {VAR / 'logs' / name}.log",
        flush=True,
    )
    life.wait = min(life.wait * 2, LONGEST_WAIT)


def wait_for(url: str, programs: dict[str, subprocess.Popen[bytes]]) -> None:
    """Wait until the address answers 200, at most half a minute."""
    for _ in range(300):
        for name, program in programs.items():
            if program.poll() is not None:
                fail(f"{name} stopped; see {VAR / 'logs' / name}.log")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    fail(f"{url} does not answer; see the logs in {VAR / 'logs'}")


def post(path: str, body: dict[str, str]) -> dict[str, str]:
    """Talk to the desk."""
    request = urllib.request.Request(
        DESK + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return dict(json.load(answer))


def give_phones() -> None:
    """Give each convener a phone on the desk and bind it over the wire, as people would."""
    try:
        for role in ROLES:
            lines = flask("account", "invite", "--role", role, "--unbound", "--json").splitlines()
            for line in map(json.loads, lines):
                nickname = f"{line['person']} {line['unit']}{ROLES[role]}"
                openid = post("/desk/users", {"nickname": nickname})["openid"]
                words = {"type": "text", "content": f"绑定 {line['code']}"}
                post(f"/desk/users/{openid}/messages", words)
    except (OSError, KeyError, ValueError, SystemExit) as error:
        print(f"binding the demo phones stopped: {error}", file=sys.stderr)
        return
    print("每个工作站的召集人都有手机了（在桌面的名单里）。", flush=True)


def give_logins() -> None:
    """Logins of the staff console, each with a password for its first use."""
    named = [word for login in LOGINS.values() for word in ("--login", login)]
    posts = [f"OFFICE:{role}" for role in LOGINS]
    made = subprocess.run(
        [BIN / "flask", "account", "create", *posts, *named],
        cwd=ROOT, env=ENV, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = map(json.loads, made.stdout.splitlines())
    passwords = {line["login"]: line["password"] for line in lines}
    print(f"  控制台 {APP}/console/", flush=True)
    for login in LOGINS.values():
        known = f"密码是您换过的；忘了：flask account reset {login}"
        word = f"一次性密码 {passwords[login]}" if login in passwords else known
        print(f"    账号 {login}　{word}", flush=True)


def people() -> None:
    """Who works here: logins for the console, then phones for everybody who may have to act."""
    give_logins()
    give_phones()


def stop(programs: dict[str, subprocess.Popen[bytes]]) -> None:
    """End all programs: politely, then surely."""
    for program in programs.values():
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGTERM)
    for program in programs.values():
        try:
            program.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)


def announce() -> None:
    """Where to look."""
    print(
        f"\n  桌面（几部手机和时钟） {DESK}/\n  应用 {APP}/readyz   日志 {VAR / 'logs'}\n"
        "  在手机上说一句话试试。按 Ctrl-C 结束。\n",
        flush=True,
    )


def main() -> None:
    """Set up, start, announce, wait."""
    check_port(PORT, "XMZ_PORT")
    check_port(DESK_PORT, "XMZ_DESK_PORT")
    hold_folder()
    (VAR / "logs").mkdir(exist_ok=True)
    flask("init")
    flask("roster", "demo")
    programs: dict[str, subprocess.Popen[bytes]] = {}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    try:
        for name, command in PROGRAMS.items():
            programs[name] = start(name, command)
        wait_for(f"{APP}/healthz", programs)
        wait_for(f"{DESK}/desk/clock", programs)
        for resident in RESIDENTS:
            post("/desk/users", {"nickname": resident})
        announce()
        threading.Thread(target=people, daemon=True).start()
        supervise(programs)
    except KeyboardInterrupt:
        print("\n结束。", flush=True)
    finally:
        stop(programs)


if __name__ == "__main__":
    main()
