"""The only place that picks implementations."""

import gc
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

from chinese_calendar.constants import holidays, workdays

from bot.channels.clock import DemoClock, RealClock
from bot.channels.console import ConsoleChannel, ConsoleTickets
from bot.channels.heartbeat import HttpHeartbeat
from bot.channels.oauth import WeChatSignIn
from bot.channels.offsite import CopyCommand
from bot.channels.page_tickets import wechat_tickets
from bot.channels.platform import wechat_platform
from bot.channels.sms import FileSms, HttpSms, NoSms
from bot.channels.wechat import wechat_channel
from bot.domain.deadlines import OfficeHours, WorkCalendar
from bot.domain.understanding import Understander
from bot.nlp.answering import AnswerFinder
from bot.nlp.data import problems
from bot.nlp.model_files import in_use
from bot.nlp.understander import load_understander
from bot.services.office_answers import OfficeAnswers
from bot.services.office_calendar import OfficeCalendar
from bot.services.office_texts import OfficeSentences
from bot.services.office_understander import OfficeUnderstander
from bot.services.ports import Channel, Clock, Deps, PageTickets, Sms
from bot.settings import Settings
from bot.store.unit_of_work import Database
from bot.texts import Texts, load_texts


def build(settings: Settings) -> Deps:
    """Everything the services need, made by the settings. The understander takes about a second;
    it is loaded when first asked for, and by `warm_up`."""
    _make_folder(settings.var_path)
    clock = make_clock(settings)
    database = Database(settings.sqlalchemy_url)
    understander = lru_cache(maxsize=1)(partial(_load_understander, settings.var_path))
    return Deps(
        settings=settings,
        database=database,
        clock=clock,
        calendar=OfficeCalendar(load_calendar(settings.office_hours), database),
        understander=OfficeUnderstander(understander, database),
        platform=wechat_platform(settings, clock.now),
        sign_in=WeChatSignIn(settings, clock.now),
        page_tickets=make_page_tickets(settings, clock),
        channel=make_channel(settings, clock),
        sms=make_sms(settings, clock),
        offsite=CopyCommand(settings.backup_copy),
        heartbeat=HttpHeartbeat(settings.heartbeat_url),
        texts=Texts(OfficeSentences(load_texts().sentences, database)),
        answers=OfficeAnswers(AnswerFinder, database, clock.now),
    )


def _load_understander(var: Path) -> Understander:
    """With the model that is in use."""
    return load_understander(var / "cache", model=in_use(var))


def _make_folder(path: Path) -> None:
    """Made for its owner alone: database, cache and logs hold residents' words."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"XMZ_VAR_DIR: {path} is no folder: {error.strerror}") from error


def make_clock(settings: Settings) -> Clock:
    """The demo clock in demo mode, the real one otherwise."""
    if settings.mode == "demo":
        return DemoClock(settings.var_path / "clock.json")
    return RealClock()


def make_channel(settings: Settings, clock: Clock) -> Channel:
    """The platform, or its twin that prints."""
    if settings.channel == "console":
        return ConsoleChannel()
    return wechat_channel(settings, clock.now)


def make_page_tickets(settings: Settings, clock: Clock) -> PageTickets:
    """The platform's, or those of its twin."""
    if settings.channel == "console":
        return ConsoleTickets()
    return wechat_tickets(settings, clock.now)


def make_sms(settings: Settings, clock: Clock) -> Sms:
    """Who carries short messages."""
    if settings.sms == "http":
        return HttpSms(settings.sms_url, settings.sms_token.get_secret_value())
    if settings.sms == "file":
        return FileSms(settings.var_path / "sms.jsonl", clock.now)
    return NoSms()


def load_calendar(office_hours: str) -> WorkCalendar:
    """Working days by the government's published calendar (the chinesecalendar package); after
    its last year only weekends are known, which `doctor` and an alarm say."""
    last = max(day.year for day in holidays)
    return WorkCalendar(
        rest_days=frozenset(day for day in holidays if day.weekday() < 5),
        work_days=frozenset(workdays),
        hours=OfficeHours.parse(office_hours),
        known_until=date(last, 12, 31),
    )


def understand_or_refuse(deps: Deps) -> None:
    """Load the understander now. SystemExit with the files and lines that are wrong: a process that
    took messages without it would send every one of them to a person."""
    try:
        deps.understander().read("预热")
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = "\n".join(problems())  # of the product's own files
        raise SystemExit(found or f"{error}. To go back: flask learn --back") from error


def warm_up(deps: Deps) -> None:
    """Load what the first message would wait for. It stays for as long as the process lives, so
    the garbage collector need not look at it again; a server that forks afterwards inherits no
    connection."""
    understand_or_refuse(deps)
    deps.database.dispose()
    gc.collect()
    gc.freeze()
