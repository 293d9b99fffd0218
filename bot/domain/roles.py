"""Roles of posts. A person may hold several; an account only says who the person is."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a post lets its holder do; see bot.domain.permissions."""

    FIRST_CONVENER = "first_convener"
    SECOND_CONVENER = "second_convener"
    STATION_HEAD = "station_head"
    DISTRICT_CONVENER = "district_convener"
    MEMBER = "member"
    STAND_IN = "stand_in"
    SECRETARY = "secretary"
    INTAKE_STAFF = "intake_staff"
    RESTRICTED_STAFF = "restricted_staff"
    DUTY = "duty"
    ADMIN = "admin"
    LEADER = "leader"
    AUDITOR = "auditor"
    PARTNER_CONTACT = "partner_contact"


ROLE_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.FIRST_CONVENER: "第一召集人",
        Role.SECOND_CONVENER: "第二召集人",
        Role.STATION_HEAD: "站长",
        Role.DISTRICT_CONVENER: "片区总召集人",
        Role.MEMBER: "驻站委员",
        Role.STAND_IN: "代理人",
        Role.SECRETARY: "社区书记",
        Role.INTAKE_STAFF: "受理员",
        Role.RESTRICTED_STAFF: "专办员",
        Role.DUTY: "值班员",
        Role.ADMIN: "管理员",
        Role.LEADER: "领导",
        Role.AUDITOR: "审计员",
        Role.PARTNER_CONTACT: "联建联系人",
    }
)

HANDLERS = frozenset(
    {
        Role.FIRST_CONVENER,
        Role.SECOND_CONVENER,
        Role.STATION_HEAD,
        Role.MEMBER,
        Role.STAND_IN,
    }
)
"""Who works on cases of their own station."""
