"""`flask doctor`: whether the system can do its work, and for each trouble what to do.

One function a check, in one table. No finding ever holds a secret.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from string import Formatter

from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.deadlines import BEIJING
from bot.domain.notices import NOTICES
from bot.domain.roles import ROLE_NAMES, Role
from bot.domain.roster import STAFFING_ROLES
from bot.nlp.data import problems
from bot.services import backup, doctor_platform, engine, menu, roster, watch, watch_words
from bot.services.calendar_check import ALARM, calendar_gap
from bot.services.findings import Found, Level, Visit, sum_up
from bot.services.ports import Deps
from bot.services.trouble import why
from bot.settings import DEMO_CREDENTIALS
from bot.store import alarms, migrate, organisation

GIB = 2**30
LOW_DISK, NO_DISK = GIB, GIB // 10
SHOWN = 5
"""How many names or problems a finding tells before it only counts."""
ALARM_SHOWN = timedelta(days=7)
"""Alarms whose cause can't be seen to end are told this long after they last rang."""
LOOK_UP = "看日志；带上这一行找开发者"
ALARM_DO = {
    "in_doubt": "通知可能没有送到，看 flask cases calls，打了电话用 flask cases called 记下",
    "nobody_on_duty": "有紧急的事没有人值班：在名册里加上 duty，绑定手机",
    "media": "照片、语音没取回来：lost 是取不到了，请居民再发；stopped 看 account 一行",
    "clock_was_wrong": "时间走快过，有的诉求排到了很久以后，已经拉回下一个工作日：看一看",
    "given_up": "平台一直不通，通知没有发出：看 flask cases calls，通了以后 flask cases resend",
    "hand_over": "有人离任，他的一件事没能换人：看日志，人工改派",
    "send": "平台拒收：按错误码查，看 account 和 hop 几行；记下电话或重发成功后消除",
    "notice_failed": "通知写不出来：看 flask cases calls，修好后 flask cases resend",
    "backup": "没有可靠的备份：看报警的原因，修好后运行 flask backup",
    "stations_quiet": "这些工作站一个月没有人来过，召集人已经问过：打电话问问，该换人的换人",
    "heartbeat": "外面的心跳地址没有应答：核对 XMZ_HEARTBEAT_URL，看网络",
    "way": "平台关了一条路，好了会自己再开：看 account 和 hop 几行",
}
"""First part of an alarm's kind → what to do about it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the report. `ok`: nothing to do; `level` fail: it can't work like this."""

    check: str
    ok: bool
    level: Level
    found: str
    do: str


def examine(deps: Deps, platform_time: Callable[[], datetime | None]) -> Iterator[Finding]:
    """Run every check in order. Never raises: a check that fails to run is a finding itself."""
    visit = Visit(deps, platform_time)
    for name, check in CHECKS:
        seen = _seen(check, visit)
        yield Finding(name, seen.level == "ok", seen.level, seen.found, seen.do)


def _seen(check: Callable[[Visit], Found], visit: Visit) -> Found:
    try:
        return check(visit)
    except SQLAlchemyError:
        return Found("warn", "没有查：要等数据库好了", "先看 database 一行")
    except Exception as error:
        return Found("fail", f"没有查成：{type(error).__name__}", LOOK_UP)


def _settings(visit: Visit) -> Found:
    settings = visit.deps.settings
    found: list[Found] = []
    if not settings.office_phone:
        found.append(Found("warn", "没有填办公室电话", "填 XMZ_OFFICE_PHONE，居民有事能打"))
    if visit.real:
        found += _settings_for_real(visit)
    return sum_up(found, f"可用，模式 {settings.mode}")


def _settings_for_real(visit: Visit) -> Iterator[Found]:
    settings = visit.deps.settings
    if not settings.public_url.startswith("https://"):
        yield Found("fail", "XMZ_PUBLIC_URL 不是 https 地址", "填居民手机能打开的 https 地址")
    for name, published in DEMO_CREDENTIALS.items():
        value = getattr(settings, name)
        if (value.get_secret_value() if isinstance(value, SecretStr) else value) == published:
            key = f"XMZ_{name.upper()}"
            yield Found("fail", f"{key} 用的是公开的演示值", f"给 {key} 换上自己的值")
    if settings.wechat_cipher != "safe":
        yield Found("warn", "消息不是安全模式", "平台上选安全模式，XMZ_WECHAT_CIPHER=safe")
    if settings.mode == "trial" and not settings.trial_people:
        yield Found("warn", "试运行名单是空的，谁也收不到通知", "填 XMZ_TRIAL_PEOPLE")


def _database(visit: Visit) -> Found:
    database = visit.deps.database
    where = database.engine.url.render_as_string(hide_password=True)
    try:
        current, newest = migrate.revisions(database)
        with database.write():
            pass
    except SQLAlchemyError as error:
        return Found(
            "fail",
            f"用不了（{type(error).__name__}）：{where}",
            "看服务是否开着、XMZ_DATABASE_URL 对不对",
        )
    if current is None:
        return Found("fail", f"还没有建表：{where}", "运行 flask init")
    if current != newest:
        return Found("fail", f"版本是 {current}，程序要 {newest}", "先备份，再运行 flask init")
    return Found("ok", f"通，版本 {current}：{where}")


def _data(visit: Visit) -> Found:
    wrong = problems() + menu.problems()
    return _listed("fail", wrong, "词库、地名、分类、菜单都对", "恢复 bot/data 里的文件")


def _texts(visit: Visit) -> Found:
    sentences = visit.deps.texts.sentences
    wrong = [f"缺 notice.{kind}" for kind in NOTICES if f"notice.{kind}" not in sentences]
    for key, sentence in sentences.items():
        try:
            names = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
        except ValueError:
            names = [""]
        if not all(name.isidentifier() for name in names):
            wrong.append(f"{key} 的花括号不对")
    return _listed("fail", wrong, f"{len(sentences)} 句话都能用", "改 bot/data/texts.toml")


def _listed(level: Level, wrong: list[str], well: str, do: str) -> Found:
    if not wrong:
        return Found("ok", well)
    more = f" 等 {len(wrong)} 处" if len(wrong) > SHOWN else ""
    return Found(level, "；".join(wrong[:SHOWN]) + more, do)


def _roster(visit: Visit) -> Found:
    stations = [s for s in roster.directory(visit.deps).stations if s.active]
    if not stations:
        return Found(
            "fail", "名册是空的，诉求派不出去",
            "flask roster import 导入真实名册" if visit.real else "flask roster demo",
        )  # fmt: skip
    empty = [station.name for station in stations if not station.staffed]
    if empty:
        return Found(
            "warn", f"{len(stations)} 个工作站，没有人的：{_names(empty)}", "在名册里补上召集人"
        )
    return Found("ok", f"{len(stations)} 个工作站，个个有人")


def _desks(visit: Visit) -> Found:
    """The desks that somebody must sit at: duty for emergencies, staff for what needs a person."""
    found = []
    with visit.deps.database.read() as session:
        for role in (Role.DUTY, Role.INTAKE_STAFF, Role.RESTRICTED_STAFF):
            posts = organisation.posts_in_role(session, role, roster.today(visit.deps))
            level: Level = visit.grave if role is Role.DUTY else "warn"
            name = ROLE_NAMES[role]
            if not posts:
                found.append(Found(level, f"没有{name}", f"在名册里加上 {role}"))
            elif not any(post.bound for post in posts):
                invite = f"flask account invite --role {role} --unbound"
                found.append(Found(level, f"{name}都没有绑定手机", invite))
    return sum_up(found, "值班、受理、专办都有人，手机绑定了")


def _phones(visit: Visit) -> Found:
    """Stations where nobody's phone is known: their pushes become calls by hand."""
    stations = {s.id: s.name for s in roster.directory(visit.deps).stations if s.active}
    with visit.deps.database.read() as session:
        posts = organisation.list_posts(session, roster.today(visit.deps))
    reached = {post.unit_id for post in posts if post.bound and post.role in STAFFING_ROLES}
    silent = [name for unit_id, name in stations.items() if unit_id not in reached]
    if not silent:
        return Found("ok", "每个工作站都有人绑定了手机")
    return Found(
        "warn", f"没有一个人绑定手机的工作站：{_names(silent)}",
        "flask account invite --role first_convener --unbound",
    )  # fmt: skip


def _names(names: list[str]) -> str:
    return "、".join(names[:SHOWN]) + (f" 等 {len(names)} 个" if len(names) > SHOWN else "")


def _time(visit: Visit) -> Found:
    try:
        now = visit.deps.clock.now()
    except ValueError:
        return Found("fail", "演示时钟的文件坏了", "删掉 XMZ_VAR_DIR 里的 clock.json")
    ahead = now - datetime.now(UTC)
    found = [doctor_platform.drift(visit)]
    if not visit.real and ahead < timedelta(minutes=-1):
        found.append(Found("warn", "演示时钟比真实时间慢", "删掉 XMZ_VAR_DIR 里的 clock.json"))
    moved = f"，演示时钟拨快了 {str(ahead).partition('.')[0]}" if ahead.total_seconds() > 60 else ""
    local = now.astimezone(BEIJING)
    well = f"北京时间 {local:%Y-%m-%d %H:%M}{moved}；这台电脑的时区是什么都不要紧"
    return sum_up([one for one in found if one is not None], well)


def _calendar(visit: Visit) -> Found:
    gap = calendar_gap(visit.deps.calendar(), roster.today(visit.deps))
    if gap:
        do = "放假通知出来后升级 chinesecalendar（make lock、make setup），或填进名册的“放假调休”表"
        return Found("warn", gap, do)
    return Found("ok", f"放假安排知道到 {visit.deps.calendar().known_until}")


def _var_dir(visit: Visit) -> Found:
    path = visit.deps.settings.var_path
    try:
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(b"x")
    except OSError as error:
        return Found(
            "fail", f"写不进去，{why(visit.deps.texts, error, path)}", "改权限，或换 XMZ_VAR_DIR"
        )
    return Found("ok", f"{path} 可以写")


def _disk(visit: Visit) -> Found:
    free = shutil.disk_usage(visit.deps.settings.var_path).free
    words = f"还有 {free / GIB:.1f} GiB"
    if free < LOW_DISK:
        return Found("fail" if free < NO_DISK else "warn", words, "清理磁盘，或换大一点的盘")
    return Found("ok", words)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%m-%d %H:%M}"


def _alarms(visit: Visit) -> Found:
    """What went wrong lately while nobody looked."""
    since = visit.deps.clock.now() - ALARM_SHOWN
    with visit.deps.database.read() as session:
        open_ones = [a for a in alarms.open_alarms(session) if not _said_above(a.kind)]
    lately = [alarm for alarm in open_ones if alarm.last_at > since]
    wrong = [f"{a.kind}（{a.count} 次，从 {_moment(a.first_at)} 起）" for a in lately]
    doing = dict.fromkeys(ALARM_DO.get(a.kind.partition(":")[0], LOOK_UP) for a in lately)
    return _listed("warn", wrong, "没有报警", "；".join(doing))


def _said_above(kind: str) -> bool:
    return kind == ALARM or kind.startswith(watch.PREFIX)


def _watch(visit: Visit) -> Found:
    """What should have moved and did not."""
    found = [wrong for wrong in watch.look(visit.deps) if wrong.kind != "scheduler"]  # said above
    return sum_up(
        [Found(visit.grave, *watch_words.say(wrong)) for wrong in found], "该动的都在动，没有漏的"
    )


CHECKS: tuple[tuple[str, Callable[[Visit], Found]], ...] = (
    ("settings", _settings),
    ("database", _database),
    ("data", _data),
    ("texts", _texts),
    ("roster", _roster),
    ("desks", _desks),
    ("phones", _phones),
    ("time", _time),
    ("calendar", _calendar),
    ("account", doctor_platform.account),
    ("hop_custom", doctor_platform.hop_custom),
    ("hop_template", doctor_platform.hop_template),
    ("consents", doctor_platform.consents),
    ("hop_sms", doctor_platform.hop_sms),
    ("reach", doctor_platform.reach),
    ("var_dir", _var_dir),
    ("disk", _disk),
    ("backup", backup.check),
    ("scheduler", engine.check),
    ("watch", _watch),
    ("alarms", _alarms),
)
"""In the order of the report: what others depend on comes first."""
