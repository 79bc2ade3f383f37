"""Main story: our own extractor for text dumps, where no markup says which of several well-written texts is the page's.

1. A dump is read into blocks: wrapped lines are joined again, blank lines ignored, one-line pages cut at sentences.
2. Every block gets a role by its shape and a little general web vocabulary: prose, label, list entry, time,
   heading of a section that is not the story ("Related", "Comments", ...), or noise (advertisement, sharing, credits).
3. Prose is grouped into segments. What stands between two paragraphs decides: a subheading or noise does not end a
   segment; a section heading, a time, a doubled heading or a long row of labels does.
4. Segments compete. Length counts up to a limit; a heading above whose words the prose takes up counts for a segment;
   standing under a section heading, and looking like several other segments (a card, a comment), counts against it.
5. The winner is returned with its subheadings and lists, and without the noise inside.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from math import log2
from typing import Any

from harness import extractor

# Scripts without spaces: Thai, Kana, Han. Two of their characters count as one word.
UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff"
WORD = re.compile(rf"[{UNSPACED}]{{1,2}}|[^\W{UNSPACED}]+")
SENTENCE_END = r"[.!?…؟۔।։።。！？][\"'”’»›)\]」』]*"
ENDS_SENTENCE = re.compile(rf"{SENTENCE_END}\s*$")
SENTENCE_GAP = re.compile(r"(?<=[.!?…؟।])[\"'”’»)]*\s+|(?<=[。！？])(?![」』）])")
# Where a news text opens: place in capitals, perhaps an agency in brackets, a dash. Matches the space before it.
DATELINE = re.compile(r"\s(?=[A-ZÀ-ÞА-Я][A-ZÀ-ÞА-Я.,' ]{3,40}(?:\([^)]{2,30}\)\s*)?[—–]\s)")
FILE_NAME = re.compile(r"^\W*[a-z0-9]+(?:[-_.][a-z0-9]+)+\W*$")
LEAD_IN = re.compile(r"^.{2,40}?[:：]\s*\S+")
BULLET = re.compile(r"^\s*(?:[•·▪●◦‣*–—-]|\d{1,2}[.)])\s+")

# Vocabulary of web chrome. Each entry is matched at the start of a short line, in lower case.
SECTIONS = re.compile(
    r"""^\W*(?:\d+\s+)?(?:
    related|more\s(?:stories|news|articles|posts|from|on|in|about|to\sread|like|headlines|for\syou)|most\s(?:read|popular|
    viewed|shared|recent)|popular(?:\s(?:now|posts|stories|articles|on\s.*))?\W*$|trending|recommended(?:\s(?:for|reading|stories|articles|posts).*)?\W*$|you\s(?:may|might)|read\s(?:next|also)|see\salso|also\s(?:read|on)|
    (?:up\s)?next\s(?:article|story|post|up)|up\snext|don.t\smiss|editors?.{0,2}\spicks?|latest|top\sstories|in\sother\snews|
    (?:from\s)?around\sthe\sweb|from\sour|comments?\b|(?:add|leave|post|write)\sa\s(?:reply|comment)|join\sthe|responses?\b|
    what\sreaders|hash?tags?\b|tags?\b|tagged|filed\sunder|topics?\b|categor|about\s(?:the\sauthor|us)|contact(?:\sus)?\W*$|follow\sus|
    (?:download|get)\s(?:the|our)\sapp|privacy|terms|elsewhere|
    verwandt|ähnlich|mehr\s(?:zum|zu|aus|von|artikel|nachrichten|news)|auch\sinteressant|das\skönnte|meistgelesen|am\smeisten|
    kommentar|leserkommentar|schlagw|weitere|empfehl|zum\sthema|nächster|impressum|datenschutz|themen\b|lesen\ssie|
    neueste|beliebt|
    articles?\s(?:liés|similaires|connexes|associés|récents)|sur\sle\smême|dans\sla\smême|(?:les\s)?plus\slu|vous\saimerez|
    à\s(?:lire|découvrir|voir|ne\spas)|lire\saussi|commentaire|réactions?\b|mots-clés|recommand|mentions\slégales|les\sdernières|
    plus\sd|tous\sles|
    (?:artículos\s|noticias\s|notícias\s|artigos\s)?relacionad|más\s(?:noticias|leíd|sobre|en|de|vist)|(?:lo|las?|los)\smás|
    (?:también\s)?te\s(?:puede|podría|recomendamos)|también\ste|le[ea]\stambién|comentario|etiquetas|archivado|últim|recomendad|
    qué\sdicen|aviso\slegal|quiénes\ssomos|opiniones|
    leia\s|veja\s|mais\s(?:lid|notícias|sobre|vist)|comentário|você\s(?:pode|também)|assuntos|
    (?:articoli\s|notizie\s)?correlat|leggi\s(?:anche|tutto)|potrebbe|(?:i\s)?più\sletti|commenti|altr[ie]\s(?:articoli|notizie)|
    gerelateerd|lees\s(?:ook|meer|verder)|meest\s|reacties|meer\s(?:nieuws|over|van)|aanbevolen|
    czytaj\s|zobacz\s|powiązan|podobne|komentarz|poleca|najczęściej|najnowsze|popularne|tagi\b|więcej\s|przeczytaj|
    читайте|по\sтеме|похож|ещ[её]\s|комментари|популярн|самое|рекоменд|материалы\sпо|теги\b|последние|главные|смотрите|
    ilgili|benzer|yorum|(?:en\s)?çok\sokunan|öneril|etiketler|bunlar|diğer|
    läs\s|læs\s|les\sogså|relatera|relatert|mest\s(?:läst|læst|lest)|fler\s|flere\s|
    lue\s|luetuim|päivän\sluet|kommentit|lisää\s|kapcsolódó|hozzászól|
    souvisej|čtěte|komentáře|nejčten|mohlo\sby|další\s|
    (?:相关|相關|延伸|推荐|推薦|热门|熱門|热点|猜你|评论|評論|网友|網友|留言|上一篇|下一篇|更多|最新|编辑推荐|编辑精选|标签|標籤|排行|阅读排行|精彩|大家都在|全部评论)|
    (?:関連|おすすめ|オススメ|人気|ランキング|アクセスランキング|コメント|こちらも|あわせて|いま読まれ|よく読まれ|合わせて|新着|最新|タグ|次の|前の|ピックアップ|注目|みんなの)|
    (?:관련|댓글|추천|인기|많이\s본|최신|태그|더\s?보기|이\s기사)|
    (?:اقرأ|مقالات|تعليقات|التعليقات|الأكثر|مواضيع|أخبار\sذات|شاهد)
    )""",
    re.VERBOSE,
)
NOISE = re.compile(
    r"""^\W*(?:
    ad(?:vert(?:isement|ising|s)?|s)?\b|sponsor|promoted|continue\sreading|read\smore|share|tweet|print\b|save\b|listen|subscribe|
    sign\s(?:up|in)|log\sin|newsletter|image|photo|picture|caption|credit|source\b|getty|copyright|©|\(c\)|all\srights|
    story\scontinues|article\scontinues|related:|read\s(?:also|more|next|this|our)|see\salso|watch:|video\b|click\s|cookies?\b|
    reply\b|report\b|like\b|follow\b|loading|by\s|play\b|
    anzeige|werbung|teilen|merken|drucken|foto|bild|quelle|weiterlesen|jetzt\s|mehr\szum|lesen\ssie\sauch|lesen\ssie\smehr|
    antworten|von\s|alle\srechte|abonn|
    publicité|partager|lire\s(?:la\ssuite|aussi)|à\slire|crédit|légende|inscri|s.inscri|s.abonner|répondre|tous\sdroits|photo|vidéo|
    publicidad|publicidade|anuncio|compartir|compartilh|imagen|imagem|crédito|suscr|le[ea]\stambién|leia\s(?:também|mais)|
    responder|todos\s(?:los|os)\sdere?i|boletín|seguir\sleyendo|por\s|assine|escuch|guardar|
    pubblicità|condividi|leggi\sanche|iscriviti|tutti\si\sdiritti|rispondi|
    advertentie|delen|lees\sook|beantwoord|inschrijv|
    reklam|udostępnij|czytaj\s(?:też|także|więcej|również)|zapisz|odpowiedz|zdjęcie|fot\.|
    реклама|поделиться|читайте\s(?:также|ещ[её])|подпис|ответить|фото|изображение|источник|
    paylaş|abone|yanıtla|fotoğraf|haberin\sdevamı|dela\b|annons|mainos|läs\s(?:också|även|mer)|foto|
    广告|廣告|分享|订阅|訂閱|点击|點擊|扫码|扫一扫|关注我们|来源|來源|责任编辑|責任編輯|编辑[:：]|(?:图|圖|图片|资料图)[/:：]|回复|回覆|点赞|收藏|下载|版权|
    広告|シェア|ツイート|登録|写真|画像|提供[:：]|続きを|無断転載|返信|アプリ|いいね|
    광고|공유|구독|사진|출처|무단|답글|إعلان|شارك|اشترك
    )""",
    re.VERBOSE,
)
# Calls to action; a short paragraph that holds one is promotion, whatever its grammar.
PROMOTION = re.compile(
    r"newsletter|subscrib|subscription|sign up|signing up|in your inbox|free trial|cookies|all rights reserved|"
    r"app store|google play|download (?:our|the|now)|our app\b|abonnement|abonnieren|boletín|suscríb|suscripci|assinatura|"
    r"e-mail|your email|kostenlos|s'abonner|abonnez|inscrivez|iscriviti|abbonat|abonneer|zapisz się|prenumer|"
    r"подпис(?:ывай|ка|ки|ку|чик)|рассылк|abone ol|公众号|公眾號|客户端|扫码|订阅|訂閱|メルマガ|会員登録|購読|ダウンロード|구독|"
    r"nyhetsbrev|todos los derechos|todos os direitos|alle rechte|tous droits|diritti riservati|все права|版权所有|無断転載|"
    r"click here|klicken sie hier|cliquez ici|haz clic|clique aqui|hier klicken|read (?:more|our) "
)
MONTH = (
    r"(?:jan|feb|mar|mär|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[czs]|févr|avr|juin|juil|août|ene|abr|ago|dic|fev|set|out|"
    r"gen|mag|giu|lug|ott|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru|"
    r"oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara)\w{0,8}\.?"
)
ENGLISH_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b"
)
AGO = (
    r"\bago\b|vor\s+(?:\d+|einer|einem)\s+(?:sek|min|st|tag|woch|monat)|il y a \d|hace\s+(?:\d+|una?)\s+\w|\bh[áa]\s+\d|\d\s+\w+\s+(?:fa|atrás)\b|geleden|"
    r"\btemu\b|назад|\bönce\b|\bsitten\b|\bsedan\b|\bsiden\b|[\d一二三四五六七八九十](?:分|分钟|小时|時間|小時|天|日|個月|个月)前|"
    r"전\b|\bپیش\b|منذ|\bpřed\s+\S+\s+(?:min|hod|dn)"
)
# A short line that tells when: so long ago, a full date, a time of day.
TIME = re.compile(
    rf"{AGO}|\b\d{{1,2}}\.?(?:er|º)?\s+(?:de\s)?{MONTH}(?:\s+(?:de\s)?\d{{4}}|\s+\d\d?:|\s*,|\s*\(|$)|"
    rf"\b{ENGLISH_MONTH}\.?\s+\d{{1,2}}(?:,|$|\s+\d{{4}}|\s+at\b)|\b(?:[01]?\d|2[0-3]):[0-5]\d\b|\b[0-2]?\d[.h][0-5]\d\s?(?:uhr|[ap]m\b|$)|"
    r"\b\d{4}([-/.])\d\d?\1\d\d?\b|\b\d\d?([-/.])\d\d?\2\d{4}\b|[\d一二三四五六七八九十]月[\d一二三四五六七八九十]+日|"
    r"\d\s?(?:min|mins|h|std|m|d|ч|мин|godz|tim)\.?$|^(?:yesterday|today|just now|gestern|heute|hier|aujourd.hui|ayer|hoy|ontem|"
    r"hoje|ieri|oggi|gisteren|vandaag|вчера|сегодня|wczoraj|dzisiaj|dün|bugün|昨日|今日|昨天|今天|어제|오늘)\b.{0,12}$"
)
CLOCK = re.compile(r"^\W*\d{1,2}[:.h]\d{2}\W*(?:uhr|am|pm)?\W*$", re.IGNORECASE)

ONE_LINE = 0.6  # share of the page's characters from which one line is the page, not a paragraph
MAX_WIDTH = 130  # no program wraps text wider than this; longer lines are whole paragraphs
CLOCK = re.compile(r"^\W*\d{1,2}[:.h]\d{2}\W*(?:uhr|am|pm)?\W*$", re.IGNORECASE)
PROSE_WORDS = 4  # shortest sentence that is prose, not a label with a full stop
LONG_PROSE = 20  # a line of this many words is prose even without an end (collapsed or cut text)
LABEL_ROW = 20  # more labels than this in a row are a menu or a list of headlines, not a list or table of the story
BOX_WORDS = 45  # longest text of a sign-up or subscription box
SUBHEADING_WORDS = 12  # longest label that is kept above a paragraph
HEADLINE_WORDS = 8  # a label of this many words may be the headline of another story; subheadings are shorter
AHEAD, NEAR = 6, 60  # blocks after and before a label that are read to tell whether it opens a story
FIRST_HEADINGS = 12  # the title is among the first headings of a page, or right above its story
SAME_STORY = 0.25  # paragraphs that share more of their words than this are one story
ENOUGH = 1500  # words after which more text is no more evidence


@dataclass
class Block:
    lines: list[str]
    role: str = "label"
    cut: bool = False  # a piece of a line that held most of the page: labels may be glued to it
    text: str = field(init=False)
    words: int = field(init=False)
    key: str = field(init=False)  # text without digits, bullets and case: equal for the copies of a heading

    def __post_init__(self) -> None:
        self.text = " ".join(line.strip() for line in self.lines)
        self.words = len(WORD.findall(self.text))
        self.key = re.sub(r"[\W\d_]+", " ", self.text.casefold()).strip()


@dataclass
class Segment:
    start: int  # first and last block of prose
    end: int
    gap: list[Block]  # blocks between the previous segment and this one
    words: int
    score: float = 0.0


# 1. Blocks


def first_word(line: str) -> str:
    match = re.match(rf"[{UNSPACED}]|\S+?(?=[{UNSPACED}]|\s|$)", line)
    return match.group() if match else ""


def is_full(line: str, following: str, width: int) -> bool:
    """Whether the line ends only because the first word of the following line would not have fitted."""
    return len(line) + 1 + len(first_word(following)) > width and not BULLET.match(following)


def find_width(runs: list[list[str]]) -> int:
    """The width at which a program has broken the lines of at least one run, or 0."""
    widths = [0]
    for run in runs:
        width = max(len(line) for line in run)
        full = sum(is_full(a, b, width) for a, b in zip(run, run[1:]))
        long = sum(len(line) > width / 2 for line in run[:-1])
        if width >= 40 and full >= 3 and full >= 0.4 * long:
            widths.append(width)
    return max(widths)


def unwrap(run: list[str], width: int, counts: Counter[str]) -> list[Block]:
    """Join broken lines: the next word would not have fitted, or the next line goes on in lower case."""
    groups: list[list[str]] = []
    for line in run:
        last = groups[-1][-1] if groups else ""
        goes_on = len(last) > width / 2 and line[:1].islower() and not ENDS_SENTENCE.search(last)
        heading = last == line or counts[last] != counts[line]  # a whole line that comes again is a heading
        if last and width and len(line) <= width and not heading and (is_full(last, line, width) or goes_on):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Block(group) for group in groups]


def cut_line(line: str) -> list[str]:
    """Cut a line that holds most of a page: at sentence ends, and where a section heading, a time or a dateline begins."""
    pieces = []
    for sentence in SENTENCE_GAP.split(line):
        cuts = {match.end() for match in DATELINE.finditer(sentence)}
        cuts |= {place for match in re.finditer(AGO, sentence.casefold()) for place in match.span()}
        for match in re.finditer(r"(?<!\S)[^\W_a-z]", sentence):
            heading = SECTIONS.match(sentence[match.start() :].casefold())
            cuts |= {match.start(), match.start() + heading.end()} if heading else set()
        edges = [0, *sorted(cuts), len(sentence)]
        pieces += [sentence[a:b].strip() for a, b in zip(edges, edges[1:])]
    return [piece for piece in pieces if piece]


def read_blocks(text: str) -> list[Block]:
    lines = [line.strip("\ufeff\u200b \t\xa0\u3000") for line in text.splitlines()]
    filled = [line for line in lines if line]
    longest = max(filled, key=len, default="")
    if len(longest) > ONE_LINE * sum(map(len, filled)):  # a page without line breaks, or nearly
        return [Block([piece], cut=True) for line in filled for piece in cut_line(line)]
    if len(lines) - len(filled) >= 0.8 * len(filled):  # blank lines after (nearly) every line say nothing
        lines = filled
    runs: list[list[str]] = [[]]
    for line in lines:
        if not line or len(line) > MAX_WIDTH:
            runs += [[line], []] if line else [[]]
        else:
            runs[-1].append(line)
    runs = [run for run in runs if run]
    width = find_width([run for run in runs if len(run[0]) <= MAX_WIDTH])
    counts = Counter(lines)
    return [block for run in runs for block in unwrap(run, width, counts)]


# 2. Roles


def role(block: Block) -> str:
    text, words = block.text.casefold(), block.words
    ends = bool(ENDS_SENTENCE.search(text))
    if words == 0 or FILE_NAME.match(text):
        return "noise"
    if words <= 9 and TIME.search(text) and not (ends and words > 4):
        return "time"
    teaser = bool(LEAD_IN.match(text))  # "Read also: ..." in one line is noise between paragraphs, it opens no section
    if teaser and words <= 25 and SECTIONS.match(text):
        return "noise"
    if words <= 7 and SECTIONS.match(text) and (not ends or words <= 4):
        return "section"
    if words <= (25 if teaser or not ends else 6) and NOISE.match(text):
        return "noise"
    if words <= 45 and PROMOTION.search(text):
        return "noise"
    if (ends and words >= PROSE_WORDS) or words >= LONG_PROSE and not block.cut:
        return "prose"
    return "item" if BULLET.match(block.text) else "label"


# 3. Segments


def find_title(blocks: list[Block]) -> str:
    """The first headline if it stands on the page twice, or an early one that comes again with the site's name behind it."""
    keys = [block.key for block in blocks if block.role == "label" and block.words >= 4]
    for i, key in enumerate(keys[:5]):
        others = [other for other in keys[i + 1 :] if key.startswith(other) or other.startswith(key)]
        if i == 0 and len(others) == 1 or any(other != key for other in others):
            return min(key, *others, key=len)
    return ""


def ends_segment(gap: list[Block], title: str) -> bool:
    """Whether these blocks between two paragraphs say that the second belongs to something else."""
    labels = [block for block in gap if block.role == "label"]
    keys = [block.key for block in labels if block.words >= 4]
    caption = len(gap) == 2 and len(set(keys)) == 1  # nothing but one label twice: a picture's text and its caption
    if title in keys or len(set(keys)) < len(keys) and not caption or len(labels) > LABEL_ROW:
        return True
    return any(block.role == "section" or (block.role == "time" and not CLOCK.match(block.text)) for block in gap)


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
    found = {word[:5] for word in re.findall(rf"[^\W\d_{UNSPACED}]{{4,}}", text.casefold())}
    for run in re.findall(rf"[{UNSPACED}]+", text):
        found |= {run[i : i + 2] for i in range(len(run) - 1)}
    return found


def shape(segment: Segment) -> str:
    """The roles of what stands above a segment, one letter a block."""
    roles = "".join(block.role[0] for block in segment.gap)
    return roles[roles.rfind("s") + 1 :][-4:]


def rate(segments: list[Segment], blocks: list[Block]) -> None:
    prose = [stems(" ".join(b.text for b in blocks[s.start : s.end + 1] if b.role == "prose")) for s in segments]
    known = Counter(stem for found in prose for stem in found)
    shapes = Counter(shape(segment) for segment in segments)
    title = find_title(blocks)
    headings = [stems(block.text) for block in blocks if block.role == "label" and block.words >= 3][:FIRST_HEADINGS]
    in_section = False
    for i, segment in enumerate(segments):
        own_headings = [stems(b.text) for b in segment.gap[-8:] if b.role == "label" and b.words >= 3]
        own = shape(segment)
        headed = bool(title) and any(block.key.startswith(title) for block in segment.gap)
        if any(block.role == "section" for block in segment.gap[-8:]):
            in_section = True
        elif in_section and (headed or own != shape(segments[i - 1])):
            in_section = False
        card = not headed and shapes[own] > 1 and "t" in own
        titled = overlap(stems(title), prose[i], known) if title else 0.0
        taken_up = max(
            (overlap(words, prose[i], known) for words in headings + own_headings if len(words) > 1), default=0.0
        )
        segment.score = (
            log2(1 + min(segment.words, ENOUGH)) + 3 * taken_up + 2 * titled - 4 * in_section - 3 * card - 0.1 * i
        )


def overlap(heading: set[str], prose: set[str], known: Counter[str]) -> float:
    """Share of a heading's words that the prose takes up; words of few segments count for more."""
    weight = {stem: 1 / (known[stem] or 1) for stem in heading}
    return sum(weight[stem] for stem in heading & prose) / (sum(weight.values()) or 1)


# 5. Output


def keep_in_gap(gap: list[Block], story: list[Block]) -> list[Block]:
    """Of what stands between two paragraphs of the story: lists, short sentences, and labels right above text."""
    kept = []
    for block, following in zip(gap, [*gap[1:], None]):
        sentence = block.role == "label" and ENDS_SENTENCE.search(block.text)
        above = block.role == "label" and (following is None or following.role == "item")
        quoted = any(block.key in other.key for other in story if other is not block)
        if block.role == "item" or sentence or (above and 1 < block.words <= SUBHEADING_WORDS and not quoted):
            kept.append(block)
    return kept


def is_box(before: list[Block], block: Block, after: list[Block]) -> bool:
    """Whether a short paragraph is the text of a box inside the story: a label above it, at least two buttons below."""
    buttons = [other for other in after if other.role in ("label", "noise") and other.words <= 4]
    return block.words <= BOX_WORDS and bool(before) and before[-1].role in ("label", "noise") and len(buttons) >= 2


def compose(segment: Segment, blocks: list[Block]) -> str:
    story = blocks[segment.start : segment.end + 1]
    gaps: list[list[Block]] = [[]]  # gaps[i] stands above prose[i]
    prose: list[Block] = []
    for block in story:
        if block.role == "prose":
            prose.append(block)
            gaps.append([])
        else:
            gaps[-1].append(block)
    kept: list[Block] = []
    for i, block in enumerate(prose):
        if is_box(gaps[i], block, gaps[i + 1]):
            continue
        kept += [*keep_in_gap(gaps[i], story), block]
    return "\n".join(line for block in kept for line in block.lines)


@extractor(requires=[], media="text/plain", licence="Apache-2.0")
def main_story(page: Any) -> str:
    """The one story of a dump that its title is about, without cards, comments and noise (our own)."""
    blocks = read_blocks(page.text)
    for block in blocks:
        block.role = role(block)
    segments = find_segments(blocks)
    if not segments:
        return ""
    rate(segments, blocks)
    best = max(segments, key=lambda segment: segment.score)
    return compose(best, blocks)
