"""The platform's refusals."""

WORDS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40029: "invalid code",
    40033: "invalid charset",
    40035: "invalid parameter",
    40016: "invalid button size",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40025: "invalid sub button name size",
    40037: "invalid template_id",
    40053: "invalid action info",
    40054: "invalid button url domain",
    40066: "invalid url",
    40097: "invalid args",
    40125: "invalid appsecret",
    40163: "code been used",
    40164: "invalid ip 127.0.0.1, not in whitelist",
    40243: "AppSecret is frozen",
    41001: "access_token missing",
    42001: "access_token expired",
    42003: "oauth_code expired",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    43117: "too many messages to this user",
    44002: "empty post data",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    48002: "user refuse to accept the msg",
    48006: "forbid to clear quota because of reaching the limit",
}


class Refused(Exception):
    """An API call refused. `code` is the errcode; `rule` says why, for the log."""

    def __init__(self, code: int, rule: str, words: str = "") -> None:
        super().__init__(rule)
        self.code = code
        self.rule = rule
        self.words = words or WORDS.get(code, "refused")
