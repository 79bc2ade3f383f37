"""Main story: our own extractor for text dumps, where no markup says which of several well-written texts is the page's.

1. A dump is read into blocks: wrapped lines are joined again, blank lines say nothing, one-line pages are cut.
2. Every block gets a role from its shape and a little general web vocabulary: prose, label, list entry, time,
   heading of a section that is not the story ("Related", "Comments", ...), or noise (advertisement, sharing, credits).
3. Prose is grouped into segments. What stands between two paragraphs decides: a subheading or noise does not end a
   segment; a section heading, a time, the title or a doubled heading, and a long row of labels do.
4. Segments compete. Length counts, with less and less weight; so does taking up the words of the title or of a
   heading, and standing early. Standing under a section heading counts against a segment, and so does having the
   same kinds of lines above it (time, source, heading) as another one, because cards and comments look like that.
5. The winner is returned with its subheadings and lists, and without the noise inside.

Weights and thresholds were set by hand on dumps with known content; no rule knows a page. It looks for one story, so
on threads, listings and catalogues it returns a part at best.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from math import log2
from typing import Any

from harness import extractor

ONE_LINE = 0.6  # share of a page's characters from which one block is the page, not a paragraph
MAX_WIDTH = 130  # no program wraps text wider than this; longer lines are whole paragraphs
PROSE_WORDS = 4  # shortest sentence that is prose, not a label with a full stop
LONG_PROSE = 20  # a block of this many words is prose even if it ends without a full stop (cut text)
LABEL_ROW = 30  # more labels than this in a row are a menu or a list of headlines, not a list or table of the story
SUBHEADING_WORDS = 12  # longest label that is kept above a paragraph
HEADLINE_WORDS = 8  # a label of this many words may be the headline of another story; subheadings are shorter
FIRST_HEADINGS = 12  # the title is among the first headings of a page, or right above its story
AHEAD, NEAR = 6, 60  # blocks after and before a label that are read to tell whether it opens a story
SAME_STORY = 0.25  # paragraphs that share more of their words than this are one story
STORY_WORDS = 80  # a segment of this many words may be the story, and makes later ones less likely
EARLIER = 0.3  # what each such segment costs those after it
ENOUGH = 1500  # words after which more text is no more evidence

# Scripts without spaces: Thai, Kana, Han. Two of their characters count as one word.
UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff"
# What readers cannot tell apart: marks of hyphenation and joints are nothing, spaces that do not break are spaces.
TYPOGRAPHY = str.maketrans(dict.fromkeys("\u00ad\u200b\u2060\ufeff", "") | dict.fromkeys("\xa0\u202f", " "))
WORD = re.compile(rf"[{UNSPACED}]{{1,2}}|[^\W{UNSPACED}]+")
LONG_WORD = re.compile(rf"[^\W\d_{UNSPACED}]{{4,}}")
ENDS_SENTENCE = re.compile(r"[.!?…؟۔।։።。！？][\"'”’»›)\]」』]*\s*$")
SENTENCE_GAP = re.compile(r"(?<=[.!?…؟।])[\"'”’»)]*\s+|(?<=[。！？])(?![」』）])")
BULLET = re.compile(r"^\s*(?:[•·▪●◦‣*–—-]|\d{1,2}[.)])\s+")
FILE_NAME = re.compile(r"^\W*[a-z0-9]+(?:[-_.][a-z0-9]+)+\W*$")
LEAD_IN = re.compile(r"^.{2,40}?[:：]\s*\S+")


def opening(phrases: str) -> re.Pattern[str]:
    """Pattern for lower-case text that opens with one of the phrases (regular expressions, separated by bars)."""
    return re.compile(r"^\W*(?:\d+\s+)?(?:" + re.sub(r"\s*\n\s*", "", phrases.strip()).replace(" ", r"\s") + ")")


# Headings of what is not the story. One paragraph of lines for each language or family.
SECTIONS = opening(
    r"""
    related|more (?:stories|news|articles|posts|from|on|in|about|to read|like|headlines|for you)|see also|also (?:read|on)|
    most (?:read|popular|viewed|shared|recent)|popular(?: (?:now|posts|stories|articles|on .*))?\W*$|trending|up next|
    recommended(?: (?:for|reading|stories|articles|posts).*)?\W*$|you (?:may|might)|read (?:next|also)|don.t miss|latest|
    next (?:article|story|post|up)|editors?.{0,2} picks?|top stories|in other news|(?:from )?around the web|from our|
    comments?\b|(?:add|leave|post|write) a (?:reply|comment)|join the|responses?\b|hash?tags?\b|tags?\b|tagged|filed under|
    topics?\b|categor|about the author|
    elsewhere|

    verwandt|ähnlich|mehr (?:zum|zu|aus|von|artikel|nachrichten|news)|auch interessant|das könnte|meistgelesen|am meisten|
    kommentar|leserkommentar|schlagw|weitere|empfehl|zum thema|nächster|themen\b|lesen sie|neueste|
    beliebt|

    articles? (?:liés|similaires|connexes|associés|récents)|sur le même|dans la même|(?:les )?plus lu|vous aimerez|
    à (?:lire|découvrir|voir|ne pas)|lire aussi|commentaire|réactions?\b|mots-clés|recommand|
    les dernières|plus d|tous les|

    (?:artículos |noticias |notícias |artigos )?relacionad|más (?:noticias|leíd|sobre|en|de|vist)|(?:lo|las?|los) más|
    (?:también )?te (?:puede|podría|recomendamos)|también te|le[ea] también|comentario|etiquetas|archivado|últim|recomendad|
    opiniones|leia |veja |mais (?:lid|notícias|sobre|vist)|comentário|
    você (?:pode|também)|assuntos|

    (?:articoli |notizie )?correlat|leggi (?:anche|tutto)|potrebbe|(?:i )?più letti|commenti|altr[ie] (?:articoli|notizie)|

    gerelateerd|lees (?:ook|meer|verder)|meest |reacties|meer (?:nieuws|over|van)|aanbevolen|
    läs |læs |les også|relatera|relatert|mest (?:läst|læst|lest)|fler |flere |lue |luetuim|kommentit|lisää |

    czytaj |zobacz |powiązan|podobne|komentarz|poleca|najczęściej|najnowsze|popularne|tagi\b|więcej |przeczytaj|
    souvisej|čtěte|komentáře|nejčten|mohlo by|další |
    читайте|по теме|похож|ещ[её] |комментари|популярн|самое|рекоменд|материалы по|теги\b|последние|главные|смотрите|

    ilgili|benzer|yorum|(?:en )?çok okunan|öneril|etiketler|bunlar|diğer|
    اقرأ|مقالات|تعليقات|التعليقات|الأكثر|مواضيع|أخبار ذات|شاهد|

    相关|相關|延伸|推荐|推薦|热门|熱門|热点|猜你|评论|評論|网友|網友|留言|上一篇|下一篇|更多|最新|编辑推荐|标签|標籤|排行|精彩|
    関連|おすすめ|人気|ランキング|アクセスランキング|コメント|こちらも|あわせて|合わせて|いま読まれ|よく読まれ|新着|タグ|次の|前の|注目|
    관련|댓글|추천|인기|많이 본|최신|태그|더 ?보기|이 기사
    """
)
# What belongs to the site: ends a story, but says nothing about what comes after it (a menu stands above the story).
SITE = opening(
    r"""
    contact(?: us)?\W*$|follow us|about us|(?:download|get) (?:the|our) app|privacy|terms (?:of|and|&)|imprint|careers\W*$|
    kontakt\W*$|impressum|datenschutz|über uns|mentions légales|qui sommes|contacto\W*$|aviso legal|quiénes somos|quem somos|
    contato\W*$|chi siamo|contatti\W*$|over ons|om oss|o nas\W*$|regulamin|о нас|контакты|реклама на|künye|iletişim|
    关于我们|關於我們|联系我们|聯絡我們|会社概要|会社案内|お問い合わせ|プライバシー|회사소개
    """
)
# Single lines of noise, between paragraphs as well: advertisement, sharing, credits, sign-up, calls to read on.
NOISE = opening(
    r"""
    ad(?:vert(?:isement|ising|s)?|s)?\b|sponsor|promoted|continue reading|read (?:more|also|next|this|our)|share|tweet|
    print\b|save\b|listen|subscribe|sign (?:up|in)|log in|newsletter|image|photo|picture|caption|credit|source\b|getty|
    copyright|©|\(c\)|all rights|(?:story|article) continues|see also|watch:|video\b|click |cookies?\b|reply\b|report\b|
    like\b|follow\b|loading|by |play\b|

    anzeige|werbung|teilen|merken|drucken|foto|bild|quelle|weiterlesen|jetzt |mehr zum|lesen sie (?:auch|mehr)|antworten|
    von |alle rechte|abonn|

    publicité|partager|lire (?:la suite|aussi)|à lire|crédit|légende|inscri|s.inscri|s.abonner|répondre|tous droits|vidéo|

    publicidad|publicidade|anuncio|compartir|compartilh|imagen|imagem|crédito|suscr|le[ea] también|leia (?:também|mais)|
    responder|todos (?:los|os) dere?i|boletín|seguir leyendo|por |assine|escuch|guardar|

    pubblicità|condividi|leggi anche|iscriviti|tutti i diritti|rispondi|
    advertentie|delen|lees ook|beantwoord|inschrijv|dela\b|annons|mainos|läs (?:också|även|mer)|

    reklam|udostępnij|czytaj (?:też|także|więcej|również)|zapisz|odpowiedz|zdjęcie|fot\.|
    реклама|поделиться|читайте (?:также|ещ[её])|подпис|ответить|фото|изображение|источник|

    paylaş|abone|yanıtla|haberin devamı|إعلان|شارك|اشترك|

    广告|廣告|分享|订阅|訂閱|点击|點擊|扫码|扫一扫|关注我们|来源|來源|责任编辑|責任編輯|编辑[:：]|(?:图|圖|图片|资料图)[/:：]|回复|回覆|
    点赞|收藏|下载|版权|広告|シェア|ツイート|登録|写真|画像|提供[:：]|続きを|無断転載|返信|アプリ|いいね|광고|공유|구독|사진|출처|무단|답글
    """
)
# Calls to action; a short paragraph that holds one is promotion, whatever its grammar.
PROMOTION = re.compile(
    r"newsletter|subscrib|subscription|sign up|signing up|in your inbox|free trial|cookies|all rights reserved|click here|"
    r"app store|google play|download (?:our|the|now)|our app\b|your email|read (?:more|our) |e-mail|abonnement|abonnieren|"
    r"kostenlos|alle rechte|klicken sie hier|hier klicken|s'abonner|abonnez|inscrivez|tous droits|cliquez ici|boletín|"
    r"suscríb|suscripci|todos los derechos|haz clic|assinatura|todos os direitos|clique aqui|iscriviti|abbonat|"
    r"diritti riservati|abonneer|nyhetsbrev|prenumer|zapisz się|подпис(?:ывай|ка|ки|ку|чик)|рассылк|все права|"
    r"abone ol|公众号|公眾號|客户端|"
    r"扫码|订阅|訂閱|版权所有|メルマガ|会員登録|購読|ダウンロード|無断転載|구독"
)
DIGIT = "[\\d一二三四五六七八九十]"
MONTH = (
    r"(?:jan|feb|mar|mär|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[czs]|févr|avr|juin|juil|août|ene|abr|ago|dic|fev|set|out|"
    r"gen|mag|giu|lug|ott|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru|"
    r"oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara)\w{0,8}\.?"
)
MONTH_FIRST = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
AGO = (
    r"\bago\b|vor\s+(?:\d+|einer|einem)\s+(?:sek|min|st|tag|woch|monat)|il y a \d|hace\s+(?:\d+|una?)\s+\w|\bh[áa]\s+\d|"
    r"\d\s+\w+\s+(?:fa|atrás)\b|geleden|\btemu\b|назад|\bönce\b|\bsitten\b|\bsedan\b|\bsiden\b|\bpřed\s+\S+\s+(?:min|hod|dn)|"
    rf"{DIGIT}(?:分|分钟|小时|時間|小時|天|日|個月|个月)前|전\b|منذ"
)
# What makes a short line a time: so long ago, a full date, a time of day.
TIME = re.compile(
    rf"{AGO}|\b\d{{1,2}}\.?(?:er|º)?\s+(?:de\s)?{MONTH}(?:\s+(?:de\s)?\d{{4}}|\s+\d\d?:|\s*,|\s*\(|$)|"
    rf"\b{MONTH_FIRST}\s+\d{{1,2}}(?:,|$|\s+\d{{4}}|\s+at\b)|{DIGIT}月{DIGIT}+日|"
    r"\b(?:[01]?\d|2[0-3]):[0-5]\d\b|\b[0-2]?\d[.h][0-5]\d\s?(?:uhr|[ap]m\b|$)|"
    r"\b\d{4}([-/.])\d\d?\1\d\d?\b|\b\d\d?([-/.])\d\d?\2\d{4}\b|\d\s?(?:mins?|h|std|m|d|ч|мин|godz|tim)\.?$|"
    r"^(?:yesterday|today|just now|gestern|heute|hier|aujourd.hui|ayer|hoy|ontem|hoje|ieri|oggi|gisteren|vandaag|"
    r"вчера|сегодня|wczoraj|dzisiaj|dün|bugün|昨日|今日|昨天|今天|어제|오늘)\b.{0,12}$"
)
CLOCK = re.compile(r"^\W*\d{1,2}[:.h]\d{2}\W*(?:uhr|am|pm)?\W*$", re.IGNORECASE)


@dataclass
class Block:
    """One paragraph, heading or other unit of a dump, with the lines that it came from."""

    lines: list[str]
    role: str = "label"
    cut: bool = False  # a piece of a block that held most of the page: labels may be glued to it
    text: str = field(init=False)
    words: int = field(init=False)
    key: str = field(init=False)  # text without digits, bullets and case: equal for the copies of a heading

    def __post_init__(self) -> None:
        self.text = " ".join(line.strip() for line in self.lines)
        self.words = len(WORD.findall(self.text))
        self.key = re.sub(r"[\W\d_]+", " ", self.text.casefold()).strip()


@dataclass
class Segment:
    """A row of paragraphs that seem to belong together: a story, a card, a comment."""

    start: int  # first and last block of prose
    end: int
    gap: list[Block]  # blocks between the previous segment and this one
    words: int
    score: float = 0.0


# 1. Blocks


def first_word(line: str) -> str:
    """What a program would have had to fit on the line before: a word, or one character of a script without spaces."""
    match = re.match(rf"[{UNSPACED}]|\S+?(?=[{UNSPACED}]|\s|$)", line)
    return match.group() if match else ""


def columns(line: str) -> int:
    """How wide a line is where it was broken: a Han character is as wide as two letters."""
    return sum(2 if unicodedata.east_asian_width(character) in "FW" else 1 for character in line)


def is_full(line: str, following: str, width: int) -> bool:
    """Whether the line ends only because the first word of the following line would not have fitted."""
    return columns(line) + 1 + columns(first_word(following)) > width and not BULLET.match(following)


def find_width(runs: list[list[str]]) -> int:
    """The width at which a program has broken the lines of at least one run, or 0."""
    widths = [0]
    for run in runs:
        width = max(map(columns, run))
        full = sum(is_full(a, b, width) for a, b in pairwise(run))
        long = sum(columns(line) > width / 2 for line in run[:-1])
        if width >= 40 and full >= 3 and full >= 0.4 * long:
            widths.append(width)
    return max(widths)


def unwrap(run: list[str], width: int, counts: Counter[str]) -> list[Block]:
    """Join broken lines: the next word would not have fitted, or the next line goes on in lower case."""
    groups: list[list[str]] = []
    for line in run:
        last = groups[-1][-1] if groups else ""
        goes_on = columns(last) > width / 2 and line[:1].islower() and not ENDS_SENTENCE.search(last)
        heading = last == line or counts[last] != counts[line]  # a whole line that comes again is a heading
        if last and width and columns(line) <= width and not heading and (is_full(last, line, width) or goes_on):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Block(group) for group in groups]


def cut_line(line: str) -> list[str]:
    """Cut text that holds most of a page: at sentence ends, section headings and times."""
    pieces = []
    for sentence in SENTENCE_GAP.split(line):
        cuts = {place for match in re.finditer(AGO, sentence.casefold()) for place in match.span()}
        for match in re.finditer(r"(?<!\S)[^\W_a-z]", sentence):
            heading = SECTIONS.match(sentence[match.start() : match.start() + 40].casefold())
            cuts |= {match.start(), match.start() + heading.end()} if heading else set()
        edges = [0, *sorted(cuts), len(sentence)]
        pieces += [sentence[a:b].strip() for a, b in pairwise(edges)]
    return [piece for piece in pieces if piece]


def read_blocks(text: str) -> list[Block]:
    """All blocks of a dump, whatever its line breaks."""
    lines = [line.strip() for line in text.splitlines()]
    counts = Counter(lines)
    if counts[""] >= 0.8 * (len(lines) - counts[""]):  # blank lines after (nearly) every line say nothing
        lines = [line for line in lines if line]
    runs: list[list[str]] = [[]]
    for line in lines:
        if not line or columns(line) > MAX_WIDTH:
            runs += [[line], []] if line else [[]]
        else:
            runs[-1].append(line)
    runs = [run for run in runs if run]
    width = find_width([run for run in runs if columns(run[0]) <= MAX_WIDTH])
    blocks = [block for run in runs for block in unwrap(run, width, counts)]
    if max((len(block.text) for block in blocks), default=0) > ONE_LINE * sum(len(block.text) for block in blocks):
        return [Block([piece], cut=True) for block in blocks for piece in cut_line(block.text)]
    return blocks


# 2. Roles


def role_of(block: Block) -> str:
    """One of noise, time, section, site, prose, item (of a list) and label (everything else)."""
    text, words = block.text.casefold(), block.words
    ends = bool(ENDS_SENTENCE.search(text))
    if words == 0 or FILE_NAME.match(text):
        return "noise"
    if words <= 12 and "(@" in text:  # the signature of an embedded post
        return "noise"
    if words <= 9 and TIME.search(text) and not (ends and words > 4):
        return "time"
    teaser = bool(LEAD_IN.match(text))  # "Read also: ..." in one line is noise between paragraphs, it opens no section
    if teaser and words <= 25 and SECTIONS.match(text):
        return "noise"
    if words <= 7 and SECTIONS.match(text) and (not ends or words <= 4):
        return "section"
    if words <= 7 and SITE.match(text) and not ends:
        return "site"
    if words <= (25 if teaser or not ends else 6) and NOISE.match(text):
        return "noise"
    if words <= 45 and PROMOTION.search(text):
        return "noise"
    if (ends and words >= PROSE_WORDS) or (words >= LONG_PROSE and not block.cut):
        return "prose"
    return "item" if BULLET.match(block.text) else "label"


# 3. Segments


def find_title(blocks: list[Block]) -> str:
    """The first headline if it stands on the page twice, or an early one that comes again with the site's name."""
    keys = [block.key for block in blocks if block.role == "label" and block.words >= 4]
    for i, key in enumerate(keys[:5]):
        others = [other for other in keys[i + 1 :] if key.startswith(other) or other.startswith(key)]
        if (i == 0 and len(others) == 1) or any(other != key for other in others):
            return min(key, *others, key=len)
    return ""


def ends_segment(gap: list[Block], title: str) -> bool:
    """Whether these blocks between two paragraphs say that the second belongs to something else."""
    labels = [block for block in gap if block.role == "label"]
    keys = [block.key for block in labels if block.words >= 4]
    caption = len(gap) == 2 and len(set(keys)) == 1  # nothing but one label twice: a picture's text and its caption
    if title in keys or (len(set(keys)) < len(keys) and not caption) or len(labels) > LABEL_ROW:
        return True
    return any(block.role in ("section", "site") or (block.role == "time" and not CLOCK.match(block.text)) for block in gap)


def opens_story(headline: Block, before: list[Block], after: list[Block]) -> bool:
    """Whether a label is the headline of another story: what follows takes up its words, what precedes does not."""
    words = stems(headline.text)
    if headline.role != "label" or headline.words < HEADLINE_WORDS or len(words) < 3:
        return False
    if any(headline.key in block.key for block in before + after if block is not headline):
        return False  # a sentence of the story, pulled out and set large
    ahead, behind = (stems(" ".join(block.text for block in part)) for part in (after, before))
    if len(ahead & behind) > SAME_STORY * len(ahead):
        return False
    return len(words & ahead) - len(words & behind) >= 0.4 * len(words)


def find_segments(blocks: list[Block]) -> list[Segment]:
    """Group the prose of a page."""
    title = find_title(blocks)
    segments: list[Segment] = []
    gap: list[Block] = []
    for i, block in enumerate(blocks):
        if block.role != "prose":
            gap.append(block)
            continue
        if not segments or ends_segment(gap, title):
            new = True
        else:
            before = blocks[max(segments[-1].start, i - NEAR) : i - len(gap)]
            new = any(opens_story(label, before, blocks[i : i + AHEAD]) for label in gap)
        if new:
            segments.append(Segment(i, i, gap, block.words))
        else:
            segments[-1].end = i
            segments[-1].words += block.words
        gap = []
    return segments


# 4. Competition


def stems(text: str) -> set[str]:
    """Beginnings of the longer words, so that inflected forms still meet; pairs of characters without spaces."""
    found = {word[:5] for word in LONG_WORD.findall(text.casefold())}
    for run in re.findall(rf"[{UNSPACED}]+", text):
        found |= {run[i : i + 2] for i in range(len(run) - 1)}
    return found


def shape(segment: Segment) -> frozenset[str]:
    """The roles of the last blocks above a segment, below the section's heading: equal for the cards of one list."""
    below = [block.role for block in segment.gap]
    while "section" in below:
        below = below[below.index("section") + 1 :]
    return frozenset(below[-6:])


def rate(segments: list[Segment], blocks: list[Block]) -> None:
    """Score every segment; one point is what twice the length is worth."""
    prose = [stems(" ".join(b.text for b in blocks[s.start : s.end + 1] if b.role == "prose")) for s in segments]
    known = Counter(stem for found in prose for stem in found)
    shapes = Counter(shape(segment) for segment in segments)
    title = find_title(blocks)
    first = [block for block in blocks if block.role == "label" and block.words >= 3][:FIRST_HEADINGS]
    in_section = False
    earlier = 0
    for i, segment in enumerate(segments):
        above = segment.gap[-8:]  # what stands higher is a menu or the end of something else
        headed = bool(title) and any(block.key.startswith(title) for block in segment.gap)
        if any(block.role == "section" for block in above):
            in_section = True
        elif in_section and (headed or shape(segment) != shape(segments[i - 1])):
            in_section = False
        card = not headed and shapes[shape(segment)] > 1 and "time" in shape(segment)
        headings = [stems(block.text) for block in [*first, *above] if block.role == "label" and block.words >= 3]
        taken_up = max((overlap(words, prose[i], known) for words in headings if len(words) > 1), default=0.0)
        titled = overlap(stems(title), prose[i], known)
        segment.score = log2(1 + min(segment.words, ENOUGH)) + 4 * taken_up + titled
        segment.score -= 3 * in_section + 3 * card + EARLIER * earlier
        earlier += segment.words >= STORY_WORDS


def overlap(heading: set[str], prose: set[str], known: Counter[str]) -> float:
    """Share of a heading's words that the prose takes up; words of few segments count for more."""
    weight = {stem: 1 / (known[stem] or 1) for stem in heading}
    return sum(weight[stem] for stem in heading & prose) / (sum(weight.values()) or 1)


# 5. Output


def keep_in_gap(gap: list[Block], nearby: list[Block]) -> list[Block]:
    """Of what stands between two paragraphs of the story: lists, short sentences, and labels right above text."""
    kept = []
    for block, following in zip(gap, [*gap[1:], None]):
        sentence = block.role == "label" and ENDS_SENTENCE.search(block.text)
        above = block.role == "label" and (following is None or following.role == "item")
        quoted = any(block.key in other.key for other in gap + nearby if other is not block)
        if block.role == "item" or sentence or (above and 1 < block.words <= SUBHEADING_WORDS and not quoted):
            kept.append(block)
    return kept


def compose(segment: Segment, blocks: list[Block]) -> str:
    """The lines of a segment that belong to its story."""
    story = blocks[segment.start : segment.end + 1]
    kept: list[Block] = []
    gap: list[Block] = []
    for i, block in enumerate(story):
        if block.role == "prose":
            kept += [*keep_in_gap(gap, kept[-3:] + story[i : i + 3]), block]
            gap = []
        else:
            gap.append(block)
    return "\n".join(line for block in kept for line in block.lines)


@extractor(requires=[], media="text/plain", licence="Apache-2.0")
def main_story(page: Any) -> str:
    """The one story of a dump that its title is about, without cards, comments and noise (our own)."""
    blocks = read_blocks(unicodedata.normalize("NFC", page.text).translate(TYPOGRAPHY))
    for block in blocks:
        block.role = role_of(block)
    segments = find_segments(blocks)
    if not segments:
        return ""
    rate(segments, blocks)
    best = max(segments, key=lambda segment: segment.score)
    return compose(best, blocks)
