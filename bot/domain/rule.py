"""Names of the rules by which cases are routed."""

from enum import StrEnum


class Rule(StrEnum):
    """Names of the rules, kept with the case for ever: add to them, never rename."""

    EMERGENCY = "emergency"
    NAMED_STAFF = "named_staff"
    NAMED_MEMBERS = "named_members"
    NAMED_MEMBERS_NO_STUDIO = "named_members_no_studio"
    LOW_CONFIDENCE = "low_confidence"
    SCRIPT_MONGOLIAN = "script_mongolian"
    SCRIPT_CYRILLIC = "script_cyrillic"
    SCRIPT_LATIN = "script_latin"
    PLACE_CONFLICT = "place_conflict"
    PLACE_AND_TOPIC = "place_and_topic"
    PLACE_ONLY = "place_only"
    SCENE_AND_TOPIC = "scene_and_topic"
    SCENE_ONLY = "scene_only"
    SCENE_WEAK_ELSEWHERE = "scene_weak_elsewhere"
    TEXT_OVER_SCENE = "text_over_scene"
    TEXT_OVER_LOCATION = "text_over_location"
    AREA_TO_DISTRICT = "area_to_district"
    PLACE_CLOSED_TOPIC = "place_closed_topic"
    PLACE_CLOSED = "place_closed"
    DISTRICT_ONLY = "district_only"
    TOPIC_ONLY = "topic_only"
    NOTHING_KNOWN = "nothing_known"
    OFFICE_RULE = "office_rule"
    """The office laid it down (bot.domain.office_rules)."""
    KEPT_BY_OPENER = "kept_by_opener"
    """No reading leads here: a person said so."""
