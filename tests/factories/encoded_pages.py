"""Pages of our own in the encodings of the web, with the many ways in which pages declare theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace

TEXTS = {
    "en": ("The ferry leaves at noon – “weather permitting” – and a ticket costs €4. Dogs travel free, bicycles do not."),
    "fr": (
        "Le bac part à midi précis, sauf en cas de forte marée. Les vélos sont acceptés à l’arrière ; un "
        "billet coûte 4 € et s’achète à bord. L’équipage sert du thé, des crêpes et même de la soupe à "
        "l’oignon où l’on s’abrite du vent."
    ),
    "pl": (
        "Prom odpływa w południe, chyba że wieje silny wiatr. Rowery stawia się z tyłu, a bilet kosztuje "
        "cztery złote. Załoga częstuje herbatą, ciepłą zupą i świeżym chlebem; psy płyną bezpłatnie, "
        "lecz muszą być na smyczy."
    ),
    "cs": (
        "Přívoz odplouvá v poledne, pokud nefouká příliš silný vítr. Kola se ukládají dozadu a jízdenka "
        "stojí čtyři koruny. Posádka nabízí čaj, teplou polévku a čerstvý chléb; psi plují zdarma, ale "
        "musí být na vodítku."
    ),
    "ru": (
        "Паром уходит в полдень, если нет сильного ветра. Велосипеды ставят на корме, а билет стоит "
        "четыре рубля. Команда угощает чаем, горячим супом и свежим хлебом; собаки едут бесплатно, но "
        "только на поводке."
    ),
    "uk": (
        "Пором відходить опівдні, якщо немає сильного вітру. Велосипеди ставлять на кормі, а квиток "
        "коштує чотири гривні. Команда пригощає чаєм, гарячим супом і свіжим хлібом; собаки їдуть "
        "безкоштовно, їх тримають на повідці."
    ),
    "el": (
        "Το πλοίο φεύγει το μεσημέρι, εκτός αν φυσάει δυνατός άνεμος. Τα ποδήλατα μπαίνουν στην πρύμνη "
        "και το εισιτήριο κοστίζει τέσσερα ευρώ. Το πλήρωμα προσφέρει τσάι, ζεστή σούπα και φρέσκο ψωμί "
        "στους επιβάτες."
    ),
    "tr": (
        "Vapur öğlen kalkar, şiddetli rüzgâr olmadıkça gecikmez. Bisikletler arkaya konur ve bilet dört "
        "liradır. Mürettebat çay, sıcak çorba ve taze ekmek ikram eder; köpekler ücretsiz yolculuk eder "
        "ama tasma şarttır."
    ),
    "he": (
        "המעבורת יוצאת בצהריים, אלא אם נושבת רוח חזקה. את האופניים מניחים בירכתיים, והכרטיס עולה ארבעה "
        "שקלים. הצוות מגיש תה, מרק חם ולחם טרי; כלבים נוסעים בחינם, אבל רק עם רצועה."
    ),
    "ar": (
        "تغادر العبارة عند الظهر إلا إذا هبت ريح قوية. توضع الدراجات في المؤخرة، وثمن التذكرة أربعة "
        "دراهم. يقدم الطاقم الشاي والحساء الساخن والخبز الطازج للمسافرين، وتسافر الكلاب مجانا."
    ),
    "lt": (
        "Keltas išplaukia vidurdienį, jei nepučia stiprus vėjas. Dviračiai statomi gale, o bilietas "
        "kainuoja keturis eurus. Įgula vaišina arbata, karšta sriuba ir šviežia duona; šunys plaukia "
        "nemokamai, bet su pavadėliu."
    ),
    "th": ("เรือข้ามฟากออกตอนเที่ยง เว้นแต่ลมแรง จักรยานวางไว้ท้ายเรือ และตั๋วราคาสี่บาท ลูกเรือแจกน้ำชา ซุปร้อน และขนมปังสดให้ผู้โดยสารทุกคน"),
    "ja": (
        "渡し船は強い風が吹かなければ正午に出ます。自転車は船の後ろに置いてください。切符は一枚四百円で"
        "、船の上でも買えます。乗組員がお茶と温かいスープと焼きたてのパンを配ります。犬は無料ですが、ひ"
        "もが必要です。"
    ),
    "zh-cn": (
        "渡轮中午开航，除非风很大。自行车放在船尾，船票四元一张，也可以上船以后再买。船员会给乘客端来热"
        "茶、热汤和刚烤好的面包。狗可以免费乘船，但是必须拴好绳子。"
    ),
    "zh-tw": (
        "渡輪中午開航，除非風很大。腳踏車放在船尾，船票四元一張，也可以上船以後再買。船員會給乘客端來熱"
        "茶、熱湯和剛烤好的麵包。恒春碼頭裏面有賣生銹的舊錨，牆上寫著化粧室在左邊。"
    ),
    "ko": (
        "나룻배는 바람이 세게 불지 않으면 정오에 떠납니다. 자전거는 배 뒤쪽에 두고, 표는 한 장에 사천 "
        "원이며 배에서도 살 수 있습니다. 선원들이 따뜻한 차와 국과 갓 구운 빵을 나누어 줍니다. 개는 "
        "무료입니다."
    ),
}

META = '<meta charset="{label}">'
HTTP_EQUIV = '<META HTTP-EQUIV=Content-Type CONTENT="text/html; charset={label}">'
XML = '<?xml version="1.0" encoding="{label}"?>'


@dataclass(frozen=True)
class EncodedPage:
    """A page as bytes, and what a person would read on it."""

    name: str
    raw: bytes
    text: str
    header: str | None = None
    """The charset of the HTTP header."""


def encoded_page(
    name: str,
    lang: str,
    codec: str,
    declaration: str = "",
    *,
    header: str | None = None,
    text: str | None = None,
    mark: bytes = b"",
) -> EncodedPage:
    """A page with the text of a language. A declaration that begins with `<?` comes first, another one is in the head."""
    content = TEXTS[lang] if text is None else text
    prolog, head = (declaration, "") if declaration.startswith("<?") else ("", declaration)
    start = f"{prolog}<!DOCTYPE html><html><head>{head}<title>Harbour</title></head>"
    page = f'{start}<body><p id="text">{content}</p></body></html>'
    return EncodedPage(name, mark + page.encode(codec), content, header)


def with_bytes(page: EncodedPage, where: str, raw: bytes, text: str) -> EncodedPage:
    """The page with other bytes in place of an ASCII text, which are read as `text`."""
    return replace(page, raw=page.raw.replace(where.encode(), raw, 1), text=page.text.replace(where, text, 1))


def pages() -> list[EncodedPage]:
    """40 pages in 24 encodings."""
    comment = "<!-- <meta charset=koi8-r> -->" + META.format(label="x-cp1251")
    script = "<script>document.write('<meta charset=koi8-r>')</script>" + META.format(label="windows-1251")
    attribute = '<meta name=note content="charset=koi8-r"><link title="<meta charset=koi8-r>">' + META.format(label="cp1251")
    late = "<style>" + "p { margin: 0 } " * 100 + "</style>" + META.format(label="windows-1251")
    windows_japanese = "切符は①番の窓口で、㈱みなとが売ります。" + TEXTS["ja"]
    euc_jp = encoded_page("euc-jp-meta", "ja", "euc_jp", META.format(label="x-euc-jp"), text="@" + TEXTS["ja"])
    utf_8 = encoded_page("utf-8-bad-byte", "fr", "utf-8", META.format(label="utf-8"), text="@" + TEXTS["fr"])
    gb18030 = HTTP_EQUIV.format(label="gb18030")
    return [
        encoded_page("windows-1252-meta", "en", "cp1252", META.format(label="iso-8859-1")),
        encoded_page("windows-1252-http-equiv", "fr", "cp1252", HTTP_EQUIV.format(label="latin1")),
        encoded_page("iso-8859-2-meta", "pl", "iso8859_2", META.format(label="l2")),
        encoded_page("windows-1250-meta", "cs", "cp1250", META.format(label="x-cp1250")),
        encoded_page("windows-1251-comment", "ru", "cp1251", comment),
        encoded_page("windows-1251-script", "ru", "cp1251", script),
        encoded_page("windows-1251-attribute", "ru", "cp1251", attribute),
        encoded_page("windows-1251-late", "ru", "cp1251", late),
        encoded_page("windows-1251-xml", "ru", "cp1251", XML.format(label="windows-1251")),
        encoded_page("windows-1251-http", "ru", "cp1251", META.format(label="koi8-r"), header="windows-1251"),
        encoded_page("koi8-r-http-equiv", "ru", "koi8_r", HTTP_EQUIV.format(label="koi8")),
        encoded_page("ibm866-meta", "ru", "cp866", META.format(label="csibm866")),
        encoded_page("iso-8859-5-meta", "ru", "iso8859_5", META.format(label="cyrillic")),
        encoded_page("mac-cyrillic-meta", "ru", "mac_cyrillic", META.format(label="x-mac-ukrainian")),
        encoded_page("koi8-u-meta", "uk", "koi8_u", META.format(label="koi8-ru")),
        encoded_page("windows-1253-meta", "el", "cp1253", META.format(label="windows-1253")),
        encoded_page("iso-8859-7-meta", "el", "iso8859_7", META.format(label="ecma-118")),
        encoded_page("windows-1254-meta", "tr", "cp1254", META.format(label="iso-8859-9")),
        encoded_page("windows-1255-meta", "he", "cp1255", META.format(label="x-cp1255")),
        encoded_page("windows-1256-meta", "ar", "cp1256", META.format(label="cp1256")),
        encoded_page("windows-1257-meta", "lt", "cp1257", META.format(label="windows-1257")),
        encoded_page("windows-874-meta", "th", "cp874", META.format(label="tis-620")),
        encoded_page("shift-jis-meta", "ja", "cp932", META.format(label="ms_kanji"), text=windows_japanese),
        with_bytes(euc_jp, "@", b"\xad\xa1\xad\xea\xf9\xa1", "①㈱纊"),
        encoded_page("iso-2022-jp-meta", "ja", "iso2022_jp", META.format(label="csISO2022JP")),
        encoded_page("gbk-meta", "zh-cn", "gbk", META.format(label="gb_2312-80")),
        encoded_page("gb18030-http-equiv", "zh-cn", "gb18030", gb18030, text=TEXTS["zh-cn"] + "𠀀"),
        encoded_page("big5-meta", "zh-tw", "big5hkscs", META.format(label="x-x-big5")),
        encoded_page("euc-kr-meta", "ko", "cp949", META.format(label="ks_c_5601-1989")),
        encoded_page("utf-8-mark", "el", "utf-8", META.format(label="iso-8859-7"), mark=b"\xef\xbb\xbf"),
        encoded_page("utf-16le-mark", "ru", "utf-16-le", mark=b"\xff\xfe"),
        encoded_page("utf-8-said-to-be-utf-16", "fr", "utf-8", META.format(label="utf-16")),
        with_bytes(utf_8, "@", b"\xff", "\ufffd"),
        encoded_page("windows-1251-undeclared", "ru", "cp1251"),
        encoded_page("windows-1253-undeclared", "el", "cp1253"),
        encoded_page("shift-jis-undeclared", "ja", "cp932"),
        encoded_page("gbk-undeclared", "zh-cn", "gbk"),
        encoded_page("big5-undeclared", "zh-tw", "big5hkscs"),
        encoded_page("euc-kr-undeclared", "ko", "cp949"),
        encoded_page("iso-8859-2-undeclared", "pl", "iso8859_2"),
    ]
