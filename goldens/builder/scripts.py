"""JavaScript that could run and does nothing, in several styles, made of a site's own names and strings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from goldens.builder.draws import Draw, pick, token, whole

Script = Callable[[Draw, Sequence[str], Sequence[str]], Iterator[str]]
"""Writes statements for ever, of identifiers and strings."""


def minified(draw: Draw, names: Sequence[str], strings: Sequence[str]) -> Iterator[str]:
    """What a minifier leaves. The caller writes the function around it."""
    while True:
        a, b, c = (_short(draw) for _ in range(3))
        name, text = pick(draw, names), pick(draw, strings)
        value, other = _value(draw, names, strings), _value(draw, names, strings)
        yield pick(
            draw,
            (
                f"var {a}={value},{b}={other};",
                f"function {a}({b},{c}){{return {b}.{name}({value})}}",
                f"{a}.{name}=function({b}){{if({b}){{{c}({value});return}}{c}({other})}};",
                f"for(var {a}=0;{a}<{b}.length;{a}++){c}({b}[{a}],{value});",
                f"try{{{a}={value}}}catch({c}){{{b}({c})}}",
                f'switch({a}){{case"{text}":{b}={value};break;default:{c}()}}',
            ),
        )


def bundled(draw: Draw, names: Sequence[str], strings: Sequence[str]) -> Iterator[str]:
    """Modules of a bundler, as `id:(…)=>{…},`. The caller writes the object around them."""
    while True:
        a, b, c = "etn" if draw.random() < 0.5 else (_short(draw) for _ in range(3))
        rows = ",".join(f"{_short(draw)}=>{_value(draw, names, strings)}" for _ in range(whole(draw, 1, 3)))
        yield (
            f"{whole(draw, 1000, 99999)}:({a},{b},{c})=>{{{c}.d({b},{{{pick(draw, names)}:()=>{_short(draw)}}});"
            f"let i={c}({whole(draw, 1000, 99999)});const o=[{rows}];"
            f"{b}.{pick(draw, names)}=async r=>{{const{{{pick(draw, names)}:s}}=await i(`${{r}}/{pick(draw, strings)}`);"
            f"return {_value(draw, names, strings)}}}}},"
        )


def classic(draw: Draw, names: Sequence[str], strings: Sequence[str]) -> Iterator[str]:
    """Written by hand, with tabs, in the days of one library."""
    while True:
        name, other, text, more = pick(draw, names), pick(draw, names), pick(draw, strings), pick(draw, strings)
        number = whole(draw, 1, 400)
        yield pick(
            draw,
            (
                f"\nfunction {name}{number}(el) {{\n\tif (!el) {{\n\t\treturn false;\n\t}}\n\tel.{other} = '{text}';\n"
                f"\tsetTimeout(function () {{ el.className += ' {more}'; }}, {number * 10});\n\treturn true;\n}}\n",
                f"\nvar {name}_{other} = {{\n\t'{text}': {number},\n\t'{more}': document.getElementById('{text}')\n}};\n",
                f"\n$('.{text}').on('click', function (e) {{\n\te.preventDefault();\n"
                f"\t$(this).toggleClass('{more}').next().{name}({number});\n}});\n",
                f"\nif (typeof {name} !== 'undefined' && {name}.{other}) {{\n\t{name}.{other}('{text}', {number});\n}}\n",
                f"\n// {text} {more}\n$.fn.{name} = function (options) {{\n"
                f"\tvar o = $.extend({{ {other}: '{text}' }}, options);\n"
                f"\treturn this.each(function () {{ $(this).data('{more}', o); }});\n}};\n",
            ),
        )


def settings(draw: Draw, names: Sequence[str], strings: Sequence[str]) -> Iterator[str]:
    """An object of settings in JSON, without its last brace."""
    yield f'{{"v":{whole(draw, 1, 9)}'
    while True:
        name, other, text = pick(draw, names), pick(draw, names), pick(draw, strings)
        state, number = pick(draw, ("true", "false", "null")), whole(draw, 1, 900)
        row = ",".join(str(whole(draw, 0, 900)) for _ in range(3))
        yield pick(
            draw,
            (
                f',"{name}{number}":"{text}"',
                f',"{name}_{text}":{{"{other}":{state},"id":{number * 371}}}',
                f',"{text}.{name}{number}":[{row}]',
                f',"{name}-{number}":{{"k":"{token(draw, 22, "url")}","w":{draw.random():.3f}}}',
            ),
        )


SCRIPTS: dict[str, Script] = {"minified": minified, "bundled": bundled, "classic": classic, "settings": settings}
"""The styles by name."""


def _short(draw: Draw) -> str:
    """A name as minifiers choose them."""
    return pick(draw, "abcdefghijklmnopqrstuvwxyz") + (pick(draw, "abcdeghijklmpqrtuvwxyz") if draw.random() < 0.3 else "")


def _value(draw: Draw, names: Sequence[str], strings: Sequence[str]) -> str:
    """An expression."""
    a, b, name, text = _short(draw), _short(draw), pick(draw, names), pick(draw, strings)
    number = whole(draw, 0, 4000)
    return pick(
        draw,
        (
            f'"{text}"',
            f"{a}.{name}",
            f"{number}",
            f"{a}({b},{number})",
            f'{a}.{name}("{text}")',
            f"!{a}.{name}",
            f"{a}&&{b}.{name}||null",
            f"{a}?{b}.{name}:{number}",
            f'[{a},"{text}"]',
        ),
    )
