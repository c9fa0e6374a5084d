"""What buyers, browsers and test files send that is no sentence; each must be parsed."""

BAD_INPUT = {
    "only emoji": "😡😡📦💔👎🏽🤷‍♀️🇩🇪",
    "only digits": "1234567890",
    "only punctuation": "?!?!... --- ???",
    "only combining marks": "\u0301\u0323\u0308" * 10,
    "only white space": " \t\u00a0\u2003 ",
    "20 000 letters": "a" * 20_000,
    "20 000 characters of words": ("where is my parcel " * 1100)[:20_000],
    "20 000 characters of Russian": ("где моя посылка " * 1300)[:20_000],
    "a Russian word of 2 000 letters": "ё" * 2000,
    "2 000 characters of no Russian words": " ".join(
        "".join(chr(ord("а") + (place * step + step * step) % 32) for place in range(6))
        for step in range(1, 286)
    ),
    "one word 2 000 times": "refund " * 2000,
    "mixed scripts": "мой order 注文 όpa הזמנה заказ is brоken",
    "zero-width characters": "w\u200bh\u200ce\u200dr\u2060e is my or\u00adder",
    "right-to-left marks": "\u202ewhere\u202c is \u200fmy\u200e \u2067order\u2069",
    "a URL": "https://shop.example.com/orders/1003?utm_source=mail&x=%D0%B0#top",
    "HTML": '<div class="a"><script>alert(1)</script><b>broken</b>&nbsp;&lt;mug&gt;</div>',
    "a slash command": '/restart{"order_number": "DEMO-1003"}',
    "NUL bytes": "\x00wh\x00ere\x00",
    "carriage returns alone": "\r\r\r",
    "lines that end in carriage returns": "where is\rmy order\r",
    "a byte order mark": "\ufeffwhere is my order",
    "letters under a pile of marks": "b" + "\u0335\u0321\u0327" * 3000 + "roken",
    "one letter that becomes eighteen": "ﷺ" * 1000,
    "braces and entity marks": '[DEMO-1003](order_number) {"a": [1, 2]} {{ 7 * 7 }} %s {0}',
    "a formula": '=HYPERLINK("http://x")',
    "a lone surrogate": "wh\ud800ere is my order",
}
"""By name; the last one is no UTF-8, so that it reaches the channel only, by an escape of JSON."""
