"""Names that nobody has: a surname and a thing of the household (王板凳, 李茶壶).

Anyone who sees one on a screen must know at once that this person is invented.
"""

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
)

_THINGS = (
    "板凳 茶壶 竹篮 扫帚 马扎 水瓢 笸箩 铁锅 蒲扇 油灯 算盘 毛巾 筷子 砂锅 案板 擀面杖 蒸笼 水缸 "
    "簸箕 门帘 顶针 针线 剪刀 鸡毛掸 暖壶 搪瓷 茶缸 饭盒 酒盅 碗柜 衣架 晾绳 脸盆 肥皂 牙刷 拖鞋 "
    "雨伞 手电 闹钟 收音机 相框 日历 炕桌 门墩"
)
THINGS = tuple(_THINGS.split())


def invented_name(number: int) -> str:
    """The name of person `number` (from 0); each its own. ValueError beyond the last."""
    round_, surname = divmod(number, len(SURNAMES))
    if not 0 <= round_ < len(THINGS):
        raise ValueError(f"only {len(SURNAMES) * len(THINGS)} names can be invented")
    # Neighbours in the list get different things, so that a screen of them stays readable.
    return SURNAMES[surname] + THINGS[(round_ + 7 * surname) % len(THINGS)]


def invented_phone(number: int) -> str:
    """A phone that cannot ring: no area code of China is 000."""
    return f"000-0000-{number:04d}"
