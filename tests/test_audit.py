"""The audit of a built folder: a case for each way of loading, sending or running, each with its rule."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import archiver.audit as audit
from archiver.audit import audit_output, documents, markup, policy, scripts, styles
from archiver.audit.addresses import leads_out, read_candidates, read_refresh
from archiver.audit.documents import audit_document
from archiver.audit.pages import audit_page
from archiver.audit.styles import audit_style
from archiver.diagnostics import Problem, Report
from book import Book

ROOT = Path(__file__).parents[1]
META = f'<meta http-equiv="Content-Security-Policy" content="{policy.POLICY}">'
PAGE = f"<!doctype html><html><head><meta charset=utf-8>{META}<title>A page</title>\n%s"
EVIL = "https://evil.example/x"


class Leak(NamedTuple):
    """A way of leaking: a name, the rule that finds it (module, table and row), its code, and what it is.

    `text` is put into a page with a policy, unless `file` says in what other file it stands.
    """

    name: str
    rule: str
    code: str
    text: str
    file: str = ""


def list_loads() -> Iterator[Leak]:
    """Attributes and elements."""
    leak = "leak"
    for name in markup.ELEMENTS:
        text = f"<frameset><{name}>" if name == "frame" else f"<body><{name}>"
        yield Leak(f"element {name}", f"markup.ELEMENTS.{name}", leak, text)
    yield Leak("iframe of the folder", "markup.ELEMENTS.iframe", leak, "<IFRAME src=a.html>")
    yield Leak("iframe srcdoc", "markup.ELEMENTS.iframe", leak, "<iframe srcdoc='<p>'>")
    yield Leak("object data", "markup.ELEMENTS.object", leak, f"<object data={EVIL}>")
    yield Leak("object classid", "markup.ELEMENTS.object", leak, "<object classid=clsid:x>")
    yield Leak("applet codebase", "markup.ELEMENTS.applet", leak, f"<applet codebase={EVIL}>")
    yield Leak("form action", "markup.ELEMENTS.form", leak, f"<form action={EVIL}>")
    yield Leak("form in svg", "markup.ELEMENTS.form", leak, "<svg><foreignObject><form>")
    for name, text in {
        "img": "<img src=%s>",
        "script": "<script src=%s.js></script>",
        "input type=image": "<input type=image src=%s>",
        "video": "<video src=%s>",
        "audio": "<audio src=%s>",
        "source": "<audio><source src=%s></audio>",
        "track": "<video><track src=%s></video>",
        "bgsound": "<bgsound src=%s>",
        "the image that is an img": "<image src=%s>",
        "an unknown element": "<x-y src=%s>",
    }.items():
        yield Leak(f"src of {name}", "markup.LOADS.src", leak, text % EVIL)
    for name, text in {
        "img": "<img srcset='%s 2x'>",
        "source": "<picture><source srcset='%s'></picture>",
        "second candidate": "<img srcset='a.png 1x, %s 2x'>",
        "no space": "<img srcset='a.png, %s'>",
        "with brackets": "<img srcset='a.png f(a,b), %s 2x'>",
        "with sizes": "<img sizes=100vw srcset='%s 100w'>",
    }.items():
        yield Leak(f"srcset, {name}", "markup.LOADS.srcset", leak, text % "//evil.example/x")
    for name in ("background", "dynsrc", "lowsrc", "manifest", "poster"):
        yield Leak(f"attribute {name}", f"markup.LOADS.{name}", leak, f"<video {name}={EVIL}>")
    yield Leak("html manifest", "markup.LOADS.manifest", leak, f"<html manifest={EVIL}>")
    yield Leak("body background", "markup.LOADS.background", leak, f"<body background={EVIL}>")
    yield Leak(
        "imagesrcset", "markup.LOADS.imagesrcset", leak, f"<link rel=preload imagesrcset={EVIL}>"
    )
    for rel in """stylesheet|icon|shortcut icon|apple-touch-icon|mask-icon|preconnect|dns-prefetch
        preload|prefetch|modulepreload|prerender|next|manifest|import|search|STYLESHEET preload
        alternate stylesheet|expect|compression-dictionary|pingback canonical|no-such-thing
        """.replace("\n", "|").split("|"):
        if rel.strip():
            text = f"<link rel='{rel.strip()}' href={EVIL}.css>"
            yield Leak(f"link {rel.strip()}", "markup.LOADS.href", leak, text)
    for name, text in {
        "use": "<svg><use href=%s#x></svg>",
        "image": "<svg><image href=%s></svg>",
        "feImage": "<svg><filter><feImage href=%s></svg>",
        "script in svg": "<svg><script href=%s.js></script></svg>",
        "pattern": "<svg><pattern href=%s></svg>",
        "math": "<math><mi href=%s>",
    }.items():
        yield Leak(f"href of {name}", "markup.LOADS.href", leak, text % EVIL)
        yield Leak(
            f"xlink:href of {name}",
            "markup.LOADS.xlink:href",
            leak,
            text.replace("href", "xlink:href") % EVIL,
        )
    yield Leak("a ping", "markup.ATTRIBUTES.ping", leak, f"<a href=x.html ping={EVIL}>")
    yield Leak(
        "attributionsrc",
        "markup.ATTRIBUTES.attributionsrc",
        leak,
        f"<a href={EVIL} attributionsrc>",
    )
    yield Leak(
        "formaction", "markup.ATTRIBUTES.formaction", leak, f"<button formaction={EVIL}>Words"
    )
    for name in ("Set-Cookie", "Link", "Refresh2", "origin-trial", "x-dns-prefetch-control"):
        yield Leak(
            f"http-equiv {name}",
            "markup.RULES.headers",
            leak,
            f"<meta http-equiv={name} content=x>",
        )
    for name, text in {
        "https": f"0; url={EVIL}",
        "without url": "0;//evil.example",
        "comma and quotes": "0,URL='//evil.example'",
        "up and out": "0; url=../x.html",
        "spaces": "  1.5 \t url = \n//evil.example",
        "absolute path": "0;url=/x",
    }.items():
        yield Leak(
            f"refresh, {name}",
            "markup.RULES.refresh",
            leak,
            f'<META HTTP-EQUIV="ReFresh" content="{text}">',
        )
    for name in (
        "https://e",
        "http:/e",
        "https:e",
        "//e",
        "/\\e",
        "\\\\host\\share",
        "\\/e",
        "/x.html",
        "../x.html",
        "a/../../x",
        "%2e%2e/x",
        ".%2E\\x",
        "..%2fx",
        "..",
        "file:///etc/passwd",
        "ftp://e/x",
        "ht\ttp://e",
        "ht\ntp:\r//e",
        " \x01//e",
        "&#47;&#x2f;e",
        "http&colon;//e",
        "C:/x",
        "C|/x",
        "about:blank",
        "chrome://x",
    ):
        yield Leak(f"img src {name!r}", "markup.LOADS.src", leak, f'<img src="{name}">')
        if not name.startswith("http"):
            quiet = name.startswith(("ht", "https"))
            if not quiet:
                yield Leak(f"a href {name!r}", "markup.LOADS.href", leak, f'<a href="{name}">')


def list_disguises() -> Iterator[Leak]:
    """The same, hidden from a reader of the text."""
    src = "markup.LOADS.src"
    for name, text in {
        "capitals": "<IMG SRC=//e>",
        "a slash for a space": "<img/src=//e>",
        "a line break in the tag": "<img\n\tsrc\n=\n'//e'>",
        "a second attribute of that name": "<img src=//e src=a.png>",
        "a quote in the tag": '<img " src=//e>',
        "after a comment that is none": "<!--><img src=//e>-->",
        "after a comment that ends oddly": "<!-- --!><img src=//e> -->",
        "after a bogus comment": "<!x><img src=//e>",
        "after CDATA that is none": "<![CDATA[ ><img src=//e> ]]>",
        "out of a drawing": "<svg><style><img src=//e></style></svg>",
        "out of mathematics": "<math><mtext><img src=//e></math>",
        "out of a title in a drawing": "<svg><title><img src=//e></title></svg>",
        "in CDATA of a drawing's end": "<svg><![CDATA[</svg>]]><img src=//e>",
        "after a script": "<title></title ><img src=//e>",
        "behind NUL": "<img \0 src=//e>",
        "in a select": "<select><option><img src=//e></select>",
        "in a table": "<table><tr><img src=//e>",
        "after a select": "<select><option></select><img src=//e>",
        "after plain text": "<xmp></xmp><img src=//e>",
        "in noscript": "<body><noscript><img src=//e></noscript>",
    }.items():
        yield Leak(f"disguise: {name}", src, "leak", text)
    yield Leak(
        "disguise: in noscript, for readers with scripts",
        "pages.SCRIPTING.True",
        "leak",
        '<body><noscript><p title="</noscript><img src=//e>">',
    )
    for name, text in {
        "a template": "<template><img src=//e></template>",
        "a template in a template": "<template><p><template><img src=//e></template></template>",
        "a shadow root": "<div><template shadowrootmode=open><img src=//e></template></div>",
    }.items():
        yield Leak(f"in {name}", "pages.read_templates", "leak", text)
    for name, mark in {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.items():
        yield Leak(f"a page in {name}", src, "leak", "<img src=//e>", f"page.html {name} {mark!r}")


def list_runs() -> Iterator[Leak]:
    """What runs in a page."""
    for name in ("javascript", "vbscript", "data", "blob", "filesystem"):
        yield Leak(
            f"{name}: in a link",
            f"addresses.CARRIERS.{name}",
            "runs-script",
            f"<a href='{name}:text/html,x'>",
        )
    for name, text in {
        "tab": "<a href='java\tscript:x'>",
        "control": "<a href=' \x02javascript:x'>",
        "entity": "<a href='&#106;avascript&colon;x'>",
        "newline entity": "<a href='java&NewLine;script:x'>",
        "capitals": "<a href=JavaScript:x>",
        "svg": "<svg><a xlink:href=javascript:x>",
        "area": "<map><area href=javascript:x></map>",
        "math": "<math href=javascript:x>",
        "refresh": "<meta http-equiv=refresh content='0;url=javascript:x'>",
    }.items():
        yield Leak(f"javascript: with {name}", "addresses.CARRIERS.javascript", "runs-script", text)
    yield Leak(
        "data: that is no picture", "addresses.CARRIERS.data", "runs-script", "<img src=data:,x>"
    )
    yield Leak(
        "data: as a script",
        "addresses.CARRIERS.data",
        "runs-script",
        "<script src=data:image/png,x.js></script>",
    )
    for name, text in {
        "onload": "<body onload=x()>",
        "no space": "<b title='x'onclick=x()>",
        "capitals": "<b ONCLICK=x()>",
        "in svg": "<svg onbegin=x()>",
        "unknown": "<b onwhatever=x()>",
        "slash": "<b/onclick=x()>",
        "on a link": "<a href=page.html onclick=x()>",
    }.items():
        yield Leak(f"handler, {name}", "markup.RULES.handlers", "runs-script", text)
    for name, text in {
        "plain": "<script>x()</script>",
        "module": "<script type=module>x()</script>",
        "import map": '<script type=importmap>{"imports":{}}</script>',
        "speculation rules": "<script type=speculationrules>{}</script>",
        "in svg": "<svg><script>x()</script></svg>",
        "unknown type": "<script type=text/template>x</script>",
        "data with more": "<script type='application/json;x'>x()</script>",
        "no end": "<script>x()",
    }.items():
        yield Leak(f"script, {name}", "markup.RULES.scripts", "runs-script", text)
    yield Leak(
        "script of another kind of file",
        "markup.RULES.scripts",
        "not-audited",
        "<script src=media/picture.png></script>",
    )
    yield Leak(
        "sheet of another kind of file",
        "markup.RULES.style sheets",
        "not-audited",
        "<link rel=stylesheet href=notes.txt>",
    )
    yield Leak(
        "script in another charset",
        "markup.RULES.charsets",
        "not-audited",
        "<script charset=utf-16le src=a.js></script>",
    )
    for name in sorted(markup.ANIMATIONS):
        text = f"<svg><a><{name} attributeName=href to=javascript:x /></svg>"
        yield Leak(f"animation by {name}", f"markup.ANIMATIONS.{name}", "runs-script", text)
    for name in markup.ANIMATED:
        text = f"<svg><image><animate attributeName=xlink:href {name}='a.png;//e' /></svg>"
        yield Leak(f"animation {name}", f"markup.ANIMATED.{name}", "leak", text)
    yield Leak(
        "animation of a fill",
        "markup.RULES.animations",
        "leak",
        "<svg><path><set attributeName=fill to='url(//e#x)'></svg>",
    )
    yield Leak(
        "animation of a handler",
        "markup.RULES.animations",
        "runs-script",
        "<svg><path><set attributeName=onclick to='x()'></svg>",
    )


def list_styles() -> Iterator[Leak]:
    """What style loads, in a sheet, in a page, and in an attribute."""
    url = "styles.FUNCTIONS.url"
    for name in sorted(styles.FUNCTIONS):
        yield Leak(
            f"css {name}",
            f"styles.FUNCTIONS.{name}",
            "leak",
            f'a{{background:{name}("//e/x.png" 1x)}}',
            "s.css",
        )
    for name, text in {
        "bare": "a{background:url(//e)}",
        "spaces": "a{background:url(\n //e\t)}",
        "single quotes": "a{background:url('//e')}",
        "capitals": "a{background:URL(//e)}",
        "escapes in the name": r"a{background:\75rl(//e)}",
        "escapes with spaces": r"a{background:\000075 \72l(//e)}",
        "escapes of letters": r"a{background:u\rl(//e)}".replace(r"\r", r"\72 "),
        "escapes in the address": r"a{background:url(\2f\2f e)}",
        "escapes in a string": r'a{background:url("\2f/e")}',
        "a broken line in a string": 'a{background:url("/\\\n/e")}',
        "after a comment": "/* url( */a{background:url(//e)}",
        "after a comment in a comment": "/* /* */a{background:url(//e)}/* */",
        "after a string with a comment": 'a{content:"/*";background:url(//e);content:"*/"}',
        "after a string that breaks off": 'a{content:"x\n;background:url(//e);content:"x"}',
        "no end": "a{background:url(//e",
        "no end of a string": "a{background:url('//e",
        "a font": "@font-face{src:local(x),url(//e)}",
        "a variable": "a{--x:url(//e)}",
        "cursor": "a{cursor:url(//e),auto}",
        "in a media query": "@media print{a{content:url(//e)}}",
        "in supports": "@supports (a:b){a{mask:url(//e)}}",
        "behind closed brackets": "a{b:x));c:url(//e)}",
        "within image-set": "a{b:image-set(url(//e) 1x)}",
        "within cross-fade": "a{b:cross-fade(url(//e),url(a.png))}",
        "a comment within": "a{b:url(/**/e)}",
        "up and out": "a{b:url(../x.png)}",
    }.items():
        yield Leak(f"css {name}", url, "leak", text, "s.css")
    yield Leak("css data", url, "runs-script", "a{b:url(data:text/html,x)}", "s.css")
    rule = "styles.AT_RULES.import"
    for name, text in {
        "string": '@import "//e/x.css";',
        "single quotes": "@import '//e/x.css' screen;",
        "escapes": r'@\69mport "//e/x.css";',
        "capitals": '@IMPORT"//e/x.css"',
        "comment": '@import/**/"//e/x.css"',
    }.items():
        yield Leak(f"css import, {name}", rule, "leak", text, "s.css")
    yield Leak("css import, other kind", rule, "not-audited", '@import "notes.txt"', "s.css")
    yield Leak("css import, url", url, "leak", "@import url(//e/x.css);", "s.css")
    for name in sorted(styles.SUBSTITUTES):
        text = f'a{{--x:"//e";b:image-set({name}(--x) 1x)}}'
        yield Leak(f"css {name}()", f"styles.SUBSTITUTES.{name}", "leak", text, "s.css")
    yield Leak(
        "css charset", "styles.ENCODINGS.charset", "not-audited", '@charset "iso-2022-jp";', "s.css"
    )
    yield Leak(
        "style element", "markup.RULES.style elements", "leak", "<style>a{b:url(//e)}</style>"
    )
    yield Leak(
        "style element in svg",
        "markup.RULES.style elements",
        "leak",
        "<svg><style>a{b:u&#x72;l(//e)}</style>",
    )
    yield Leak(
        "style element with elements",
        "markup.RULES.style elements",
        "leak",
        """<svg><style>a{b:<g>"</g>url(//e)<g>"</g>}</style>""",
    )
    for name in sorted(markup.STYLES):
        text = f"<svg><path {name}='{'b:' if name == 'style' else ''}url(//e#x)'>"
        yield Leak(f"attribute {name}", f"markup.STYLES.{name}", "leak", text)
    yield Leak(
        "style with entities", "markup.STYLES.style", "leak", "<p style='b:url&lpar;//e&rpar;'>"
    )


SCRIPTS = {
    "fetch": "fetch('x')",
    "XMLHttpRequest": "new XMLHttpRequest",
    "ActiveXObject": "new ActiveXObject('x')",
    "WebSocket": "new WebSocket(x)",
    "EventSource": "new EventSource(x)",
    "WebTransport": "new WebTransport(x)",
    "RTCPeerConnection": "new webkitRTCPeerConnection()",
    "PresentationRequest": "new PresentationRequest(x)",
    "sendBeacon": "navigator.sendBeacon(x)",
    "importScripts": "importScripts(x)",
    "import": "import (x)",
    "export from": 'export { x } from "x"',
    "Worker": "new SharedWorker(x)",
    "serviceWorker": "navigator.serviceWorker.register(x)",
    "addModule": "audio.audioWorklet.addModule(x)",
    "new Image": "(new Image).src = x",
    "new Audio": "new Audio(x)",
    "open": "window.open(x)",
    "location": "location.href = x",
    "location.assign": "location.assign(x)",
    "form.submit": "form.submit()",
    "eval": "(0, eval)(x)",
    "Function": "new Function(x)",
    "constructor": "x.constructor.constructor(y)",
    "setTimeout": "setTimeout('x()', 1)",
    "document.write": "document.writeln(x)",
    "insertAdjacentHTML": "x.insertAdjacentHTML('beforeend', y)",
    "createContextualFragment": "range.createContextualFragment(x)",
    "setHTMLUnsafe": "Document.parseHTMLUnsafe(x)",
    "srcdoc": "x.srcdoc = y",
    "execScript": "execScript(x)",
    "a computed name of the window": "window[x + y]()",
}


def list_scripts() -> Iterator[Leak]:
    """What a script uses."""
    for table, code in (("REACHES", "leak"), ("RUNS", "runs-script")):
        for name in getattr(scripts, table):
            yield Leak(f"js {name}", f"scripts.{table}.{name}", code, SCRIPTS[name], "s.js")
    for text in (r"f\u0065tch(x)", r"\u{66}etch(x)", "/* ' */ fetch(x) // '", "x = fetch; x(y)"):
        yield Leak(f"js {text}", "scripts.REACHES.fetch", "leak", text, "s.js")
    for text in (
        "s.src = 'https://e/x.js'",
        'x = "//e"',
        "x = `wss:/e`",
        r"x = '\x2f\u002fe'",
        "x = 'https:' + y",
        "x = ' \\\\\\\\host'",
        "x = '///host'",
        "x = 'go to http://e'",
        "x = '/x.js'",
        "x = 'javascript:y'",
    ):
        yield Leak(f"js address {text}", "scripts._ADDRESS", "leak", text, "s.js")
    for mark in (b"\xff\xfe", b"\xfe\xff"):
        file = f"s.js {'utf-16-le' if mark[0] == 255 else 'utf-16-be'} {mark!r}"
        yield Leak(f"js {file}", "scripts.REACHES.fetch", "leak", "fetch(x)", file)


def list_documents() -> Iterator[Leak]:
    """What documents of XML hold."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink">%s</svg>'
    for name, rule, code, text in (
        ("script", "markup.RULES.scripts", "runs-script", "<script>x()</script>"),
        (
            "script in CDATA",
            "markup.RULES.scripts",
            "runs-script",
            "<script><![CDATA[x]]></script>",
        ),
        ("handler", "markup.RULES.handlers", "runs-script", "<path onclick='x()'/>"),
        ("use", "markup.LOADS.href", "leak", "<use href='//e#x'/>"),
        ("image", "markup.LOADS.xlink:href", "leak", "<image l:href='//e'/>"),
        ("entities", "markup.LOADS.xlink:href", "leak", "<image l:href='&#x2f;/e'/>"),
        ("style", "styles.FUNCTIONS.url", "leak", "<style>a{b:url(//e)}</style>"),
        ("CDATA style", "styles.FUNCTIONS.url", "leak", "<style>a{b:u<![CDATA[rl(//e)]]>}</style>"),
        ("fill", "markup.STYLES.fill", "leak", "<path fill='url(//e#x)'/>"),
        ("foreign", "documents.DRAWING.foreignobject", "runs-script", "<foreignObject/>"),
        ("link", "addresses.CARRIERS.javascript", "runs-script", "<a l:href='javascript:x'/>"),
        (
            "HTML by another name",
            "markup.LOADS.src",
            "leak",
            "<h:img xmlns:h='http://www.w3.org/1999/xhtml' src='//e'/>",
        ),
    ):
        yield Leak(f"svg {name}", rule, code, svg % text, "d.svg")
    yield Leak(
        "svg without xmlns", "markup.LOADS.href", "leak", "<svg><use href='//e'/></svg>", "d.svg"
    )
    base = "<g xml:base='//e'/>"
    yield Leak("svg xml:base", "markup.ATTRIBUTES.xml:base", "leak", svg % base, "d.svg")
    for name in sorted(documents.INSTRUCTIONS):
        text = f"<?{name} href='x.css'?>{svg % ''}"
        yield Leak(f"xml {name}", f"documents.INSTRUCTIONS.{name}", "leak", text, "d.svg")
    yield Leak(
        "xml-stylesheet in a feed",
        "documents.INSTRUCTIONS.xml-stylesheet",
        "leak",
        "<?xml version='1.0'?><?xml-stylesheet href='//e'?><feed/>",
        "f.xml",
    )
    doctype = "documents._Reading.read_doctype"
    yield Leak("xml doctype", doctype, "leak", f"<!DOCTYPE svg SYSTEM 'x.dtd'>{svg % ''}", "d.svg")
    yield Leak(
        "xml entities",
        doctype,
        "not-audited",
        f"<!DOCTYPE svg [<!ENTITY x 'y'>]>{svg % ''}",
        "d.svg",
    )
    yield Leak(
        "xml charset",
        "documents._Reading.read_declaration",
        "not-audited",
        f"<?xml version='1.0' encoding='iso-2022-jp'?>{svg % ''}",
        "d.svg",
    )
    yield Leak(
        "xhtml in a feed",
        "markup.RULES.scripts",
        "runs-script",
        "<feed><s:script xmlns:s='http://www.w3.org/1999/xhtml'>x()</s:script></feed>",
        "f.xml",
    )
    yield Leak(
        "xhtml without a policy",
        "documents.judge_head",
        "no-policy",
        "<html xmlns='http://www.w3.org/1999/xhtml'><head><title/></head></html>",
        "p.xhtml",
    )


def list_files() -> Iterator[Leak]:
    """Files that are read whatever they are called and wherever they lie."""
    drawing = "words" + PAGE % "<img src=//e>"
    for suffix, kind in audit.KINDS.items():
        texts: dict[audit.Audit, tuple[str, str]] = {
            audit_page: ("words<img src=//e>", "leak"),
            audit_document: (
                "<x><h:img xmlns:h='http://www.w3.org/1999/xhtml' src='//e'/></x>",
                "leak",
            ),
            audit_style: ("a{b:url(//e)}", "leak"),
        }
        text, code = texts.get(kind, ("fetch(x)", "leak"))
        yield Leak(f"file {suffix}", f"audit.KINDS.{suffix}", code, text, f"a/file{suffix}")
    yield Leak("file .js by itself", "audit.KINDS..js", "leak", "fetch(x)", "a/.js")
    yield Leak("file .css by itself", "audit.KINDS..css", "leak", "a{b:url(//e)}", ".css")
    yield Leak("file .HTML", "audit.KINDS..html", "leak", drawing, "file.HTML")
    for suffix in sorted(audit.OPAQUE):
        yield Leak(f"file {suffix}", f"audit.OPAQUE.{suffix}", "not-audited", "x", f"f{suffix}")
    page = PAGE % "<img src=//e>"
    for name in ("page", "page.php", ".page", "a/b.c/page.x", "page.html~"):
        yield Leak(f"file {name}", "audit._LIKE_PAGE", "leak", page, name)
    yield Leak(
        "xml by another name",
        "audit._LIKE_DOCUMENT",
        "leak",
        "<?xml version='1.0'?><?xml-stylesheet href='//e'?><x/>",
        "document",
    )
    for encoding, mark in audit.MARKS.items():
        text, file = PAGE % "", f"page.html {encoding} {mark!r}"
        yield Leak(f"page in {encoding}", f"audit.MARKS.{encoding}", "not-audited", text, file)


LEAKS = [
    *list_loads(),
    *list_disguises(),
    *list_runs(),
    *list_styles(),
    *list_scripts(),
    *list_documents(),
    *list_files(),
]


def lay_out(root: Path, leak: Leak) -> Path:
    """A built folder with one file, in which the leak is."""
    name, encoding, mark = [*(leak.file or "page.html").split(" ", 2), "", ""][:3]
    text = leak.text if leak.file and not encoding else PAGE % leak.text
    if encoding and name.endswith(".js"):
        text = leak.text
    data = text.encode(encoding or "utf-8")
    if mark:
        data = eval(mark.partition(" ")[0]) + data  # a literal of this module
    target = root / "build" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return root / "build"


def audit_codes(output: Path) -> list[str]:
    """The codes of what is found, each once."""
    return sorted({problem.code for problem in find_problems(output)})


def find_problems(output: Path) -> tuple[Problem, ...]:
    """What the audit of a folder tells."""
    report = Report()
    audit_output(output, report)
    return report.problems


def remove_rule(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do without one row of a table, or without one function."""
    module_name, name, row = [*rule.split(".", 2), ""][:3]
    module: Any = (
        audit
        if module_name == "audit"
        else importlib.import_module(f"archiver.audit.{module_name}")
    )
    table = getattr(module, name)
    if isinstance(table, dict):
        monkeypatch.setattr(module, name, {key: table[key] for key in table if key != row})
        assert row in table
    elif isinstance(table, (frozenset, tuple)):
        rest = [one for one in table if str(one) != row]
        assert len(rest) == len(table) - 1
        monkeypatch.setattr(module, name, type(table)(rest))
    elif isinstance(table, re.Pattern):
        never = re.compile(b"(?!)" if isinstance(table.pattern, bytes) else "(?!)")
        monkeypatch.setattr(module, name, never)
    elif row:
        monkeypatch.setattr(table, row, lambda *_: None)
    else:
        monkeypatch.setattr(module, name, lambda *_: ())


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
def test_every_way_of_leaking_is_found_by_its_rule_and_by_no_other(
    leak: Leak, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = lay_out(tmp_path, leak)
    assert leak.code in audit_codes(output)
    found = [problem for problem in find_problems(output) if problem.code == leak.code]
    remove_rule(leak.rule, monkeypatch)
    rest = [problem for problem in find_problems(output) if problem in found]
    assert not rest, "another rule finds this too"


def list_rows() -> Iterator[str]:
    """Every row of every table that forbids something."""
    for module, tables in {
        "addresses": ("CARRIERS",),
        "audit": ("KINDS", "MARKS", "OPAQUE"),
        "documents": ("DRAWING", "INSTRUCTIONS"),
        "markup": ("ANIMATED", "ANIMATIONS", "ATTRIBUTES", "ELEMENTS", "LOADS", "STYLES"),
        "scripts": ("REACHES", "RUNS"),
        "styles": ("AT_RULES", "ENCODINGS", "FUNCTIONS", "SUBSTITUTES"),
    }.items():
        place: Any = audit if module == "audit" else getattr(audit, module)
        for table in tables:
            yield from (f"{module}.{table}.{row}" for row in getattr(place, table))


def test_no_row_of_a_table_is_without_a_case() -> None:
    assert set(list_rows()) <= {leak.rule for leak in LEAKS}
    rules = {leak.rule.rpartition(".")[2] for leak in LEAKS if leak.rule.startswith("markup.RULES")}
    # These have tables of their own.
    assert set(markup.RULES) == rules | {"elements", "attributes", "loads", "style attributes"}


HARMLESS = {
    "a link to the web": f'<a href="{EVIL}" target=_blank rel=noopener>Words</a>',
    "a link for mail": '<a href="mailto:a@example.org">Words</a> <a href="tel:1">Words</a>',
    "a link in a drawing": f'<svg><a xlink:href="{EVIL}"><path fill="url(#x)"></a></svg>',
    "pictures of the folder": '<img src="a b.png?x=//e#y" srcset="a.png 1x, b/c.png 2x" sizes="100vw">',
    "a picture in the address": '<img src="data:image/png,AA"><link rel=icon href="data:image/svg+xml,x">',
    "media of the folder": '<video src=a.mp4 poster=a.png controls></video><audio src="./b.mp3">',
    "the files of the folder": '<link rel=stylesheet href="a.css"><script src="assets/a.js?1"></script>',
    "relations": f'<link rel=canonical href="{EVIL}"><link rel="Alternate license" href="{EVIL}">',
    "a link without a relation": f'<link itemprop=url href="{EVIL}">',
    "data for scripts": '<script type="application/ld+json">{"@id": "https://e/x"}</script>',
    "data for scripts, in capitals": '<script type=" Application/JSON ">{"a": "//e"}</script>',
    "cited addresses": f'<blockquote cite="{EVIL}"><img longdesc="{EVIL}" alt="{EVIL}"></blockquote>',
    "markup in a text": '<p title="<img src=//e>">&lt;img src=//e&gt;<textarea><img src=//e></textarea>',
    "markup in a comment": "<!-- <img src=//e> --><!--[if IE]><script src=//e></script><![endif]-->",
    "forwarding in the folder": '<meta http-equiv=refresh content="0; url=a.html">',
    "waiting": '<meta http-equiv=refresh content="5">',
    "headers": '<meta http-equiv="Content-Language" content="en"><meta name=referrer content=no-referrer>',
    "cards for others": f'<meta property="og:image" content="{EVIL}">',
    "a stricter second policy": '<meta http-equiv="content-security-policy" content="script-src \'none\'">',
    "style": "<p style=\"color: red; background: url(a.png)\"><style>a{b:url('c.png')}</style>",
    "animation": "<svg><animate attributeName=x values='0;1' /></svg>",
    "on": '<p on="x" class="onload" data-onload="x">onclick=x',
    "noscript": "<noscript><p>Words</noscript><template><p>Words</template>",
}
HARMLESS_FILES = {
    "s.css": '@charset "utf-8"; @namespace s url(http://www.w3.org/2000/svg); @import "a.css" print;'
    'a::after{content:"https://e";b:url("c.png"),url(#d),url(data:image/png,e);c:var(--d)}'
    '/* url(//e) */ a[href^="https://e"]{} @media (a){} @import url(b.css);',
    "deep/s.css": "a{b:url(../c.png)}",
    "s.js": "// See https://example.org\n/* (c) http://example.org */\n"
    "var s = document.createElement('script'); s.src = 'terms/a.js'; document.head.append(s);\n"
    "e = document.createElementNS('http://www.w3.org/2000/svg', 'svg'); location.hash == x;\n"
    "y = a / b / c; x = { important: 1, reopen() {} }; open = 1; z = 'a/b'",
    "d.svg": '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg">'
    '<style>a{b:url(#c)}</style><a href="https://example.org"><path fill="url(#x)"/></a></svg>',
    "feed.xml": '<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://example.org/"/>'
    '<content type="html">&lt;img src="//e"></content></feed>',
    "feed.json": '{"html": "<script>x()</script>"}',
    "notes.txt": "<script>x()</script>",
    "table.csv": "<html>",
    "bytes": "\0\0",
    "words": "words <script>x()</script>",
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_loads_nothing_is_left_alone(text: str, tmp_path: Path) -> None:
    assert not find_problems(lay_out(tmp_path, Leak("", "", "", text)))


@pytest.mark.parametrize("name", HARMLESS_FILES)
def test_files_that_load_nothing_are_left_alone(name: str, tmp_path: Path) -> None:
    assert not find_problems(lay_out(tmp_path, Leak("", "", "", HARMLESS_FILES[name], name)))


def lay_out_page(root: Path, text: str) -> Path:
    """A built folder with one page."""
    return lay_out(root, Leak("", "", "", text, "page.html"))


@pytest.mark.parametrize(
    "head",
    [
        "",
        "<meta charset=utf-8>",
        f"<meta charset=utf-8><title>x</title>{META}",
        f"{META}<meta charset=utf-8>",
        f"<title>x</title><meta charset=utf-8>{META}",
        f"<meta charset=iso-2022-jp>{META}",
        f"<meta http-equiv=content-type content='text/html; charset=utf-8'>{META}",
        f"<meta charset=utf-8></head><body>{META}",
        f"<meta charset=utf-8><!-- {META} -->",
        f"<p><meta charset=utf-8>{META}",
        f"<meta charset=utf-8><noscript>{META}</noscript>",
        f"<meta charset=utf-8><template>{META}</template>",
        f"<!-- {'x' * 1000} --><meta charset=utf-8>{META}",
        f"<html class={'x' * 1000}><meta charset=utf-8>{META}",
        f"<meta charset=utf-8>{META.replace('Policy', 'Policy-Report-Only')}",
        f"<meta charset=utf-8>{META.replace('http-equiv', 'name')}",
    ],
)
def test_a_page_without_the_policy_directly_after_the_charset_is_told(
    head: str, tmp_path: Path
) -> None:
    assert "no-policy" in audit_codes(lay_out_page(tmp_path, f"<!doctype html>{head}"))


@pytest.mark.parametrize("directive", policy.FALLBACKS)
def test_a_policy_that_is_looser_in_one_directive_is_told(
    directive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [one for one in policy.POLICY.split("; ") if not one.startswith(f"{directive} ")]
    content = "; ".join([*others, f"{directive} 'self' https://evil.example"])
    page = f'<meta charset=utf-8><meta http-equiv=content-security-policy content="{content}">'
    output = lay_out_page(tmp_path, page)
    (told,) = find_problems(output)
    assert told.code == "weak-policy"
    assert f"`{directive}` allows" in told.message
    remove_rule(f"policy.FALLBACKS.{directive}", monkeypatch)
    assert not any(f"`{directive}`" in problem.message for problem in find_problems(output))


@pytest.mark.parametrize("directive", policy.REPORTING)
def test_a_policy_that_reports_to_somebody_is_told(
    directive: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = f"{policy.POLICY}; {directive} https://evil.example"
    assert list(policy.find_looser(content)) == [(directive, "https://evil.example")]
    remove_rule(f"policy.REPORTING.{directive}", monkeypatch)
    assert not list(policy.find_looser(content))


@pytest.mark.parametrize(
    ("content", "looser"),
    [
        ("", ["default-src", "base-uri", "form-action"]),
        ("default-src 'none'", ["base-uri", "form-action"]),
        ("default-src *; base-uri 'none'; form-action 'none'", ["default-src"]),
        ("default-src 'none' https:; base-uri 'none'; form-action 'none'", ["default-src"]),
        (
            policy.POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
            ["script-src"],
        ),
        (policy.POLICY.replace("script-src 'self'", "script-src 'nonce-x'"), ["script-src"]),
        (policy.POLICY.replace("script-src 'self'", "script-src data:"), ["script-src"]),
        (f"img-src *; {policy.POLICY}", ["img-src"]),
        (f"{policy.POLICY}; img-src *", []),
        (policy.POLICY.replace("; base-uri", ",base-uri"), ["font-src", "base-uri"]),
        (policy.POLICY.replace("base-uri 'none'", "base-uri\xa0'none'"), ["base-uri"]),
        (policy.POLICY.upper(), []),
        (policy.POLICY.replace("; ", "\n\t;;"), []),
        (policy.POLICY.replace("script-src 'self'", "script-src 'none'"), []),
        (f"{policy.POLICY}; connect-src 'none'; sandbox", []),
        ("default-src 'none'; base-uri 'none'; form-action 'none'", []),
    ],
)
def test_policies_are_compared_by_what_they_allow(content: str, looser: list[str]) -> None:
    assert [directive for directive, _ in policy.find_looser(content)] == looser


def test_the_policy_of_the_audit_is_that_of_the_default_theme() -> None:
    head = (ROOT / "themes/default/parts/head.html").read_text(encoding="utf-8")
    assert head.startswith(META)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("<p>One</p>\n<p><img\n alt='x' src='//e'>", (4, 10, "src='//e'")),
        ("<p title='<img src=//e>'><!-- <img src=//e> --><IMG SRC=//e>", (2, 53, "SRC=//e")),
        ("<iframe></iframe>", (2, 1, "<iframe")),
        ("<style>\na{b:c}\na{b:url( //e )}</style>", (4, 10, "//e")),
        ("<a href='&#47;/e'>", (2, 4, "href='&#47;/e'")),
        ("<image src='//e'>", (2, 8, "src='//e'")),
        ("<script>\nx()</script>", (2, 9, "")),
        ("<p style='b:url(//e)'>", (2, 4, "style='b:url(//e)'")),
    ],
)
def test_a_finding_says_where_it_stands(
    text: str, place: tuple[int, int, str], tmp_path: Path
) -> None:
    (found,) = find_problems(lay_out(tmp_path, Leak("", "", "", text)))
    line, column, meant = place
    assert (found.place.line, found.place.column) == (line, column)
    if meant:
        assert found.place.excerpt[column - 1 :][: found.place.width] == meant


def test_two_that_are_alike_are_told_where_each_of_them_stands(tmp_path: Path) -> None:
    text = "<img src=//e>\n<img src=//e>\n<img src=//e>"
    found = find_problems(lay_out(tmp_path, Leak("", "", "", text)))
    assert [problem.place.line for problem in found] == [2, 3, 4]


def test_files_of_all_kinds_say_where(tmp_path: Path) -> None:
    for name, text, column in (
        ("s.css", "a{}\na{b:url(//e)}", 9),
        ("s.js", "x\n\\u0066etch(x)", 1),
        ("t.js", "x\n'\\x41' + fetch(x)", 10),
        ("d.svg", "<svg xmlns='http://www.w3.org/2000/svg'>é\né<use href='//e'/></svg>", 2),
    ):
        (found,) = find_problems(lay_out(tmp_path, Leak("", "", "", text, name)))
        assert (found.place.path, found.place.line) == (f"build/{name}", 2)
        assert found.place.column == column, name
        (tmp_path / "build" / name).unlink()


def test_a_link_out_of_the_folder_is_told_and_not_followed(tmp_path: Path) -> None:
    output = lay_out_page(tmp_path, PAGE % "")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/page.html").write_text("<img src=//e>")
    (output / "folder").symlink_to(tmp_path / "outside")
    (output / "other.html").symlink_to(tmp_path / "outside/page.html")
    (output / "same.html").symlink_to(output / "page.html")
    (output / "loop").symlink_to(output)
    told = [(problem.place.path, problem.code) for problem in find_problems(output)]
    assert told == [("build/folder", "leak"), ("build/other.html", "leak")]


def test_a_file_that_is_too_large_is_told_and_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = lay_out_page(tmp_path, PAGE % "<img src=//e>")
    monkeypatch.setattr(audit, "MAXIMUM_SIZE", 100)
    assert audit_codes(output) == ["not-audited"]


def test_what_cannot_be_read_as_a_file_is_passed_over(tmp_path: Path) -> None:
    output = lay_out_page(tmp_path, PAGE % "")
    os.mkfifo(output / "pipe.html")
    (output / "folder.html").mkdir()
    assert not find_problems(output)


def test_a_file_full_of_leaks_tells_some_of_them(tmp_path: Path) -> None:
    found = find_problems(lay_out_page(tmp_path, PAGE % ("<img src=//e>\n" * 5000)))
    assert len(found) == audit.MOST_FINDINGS


def test_a_page_too_deep_to_be_read_in_time_is_told(tmp_path: Path) -> None:
    found = find_problems(lay_out_page(tmp_path, PAGE % ("<div>" * 100_000)))
    assert [problem.code for problem in found] == ["not-audited"]
    assert "200 deep" in found[0].message


def test_a_hint_says_who_wrote_the_file(tmp_path: Path) -> None:
    book = Book(tmp_path, "=== a.md\n---\ndate: 2017-03-23T10:00:00Z\n---\nWords\n").build()
    for name in ("event/a.html", "event/b.html"):
        (book.output / name).write_text(PAGE % "<img src=//e>")
    hints = [problem.hint for problem in find_problems(book.output)]
    assert [hint.partition(";")[0].partition(":")[0] for hint in hints] == [
        "build again",
        "archiver did not write this file",
    ]


def test_a_built_site_has_nothing_to_tell(tmp_path: Path) -> None:
    book = Book(
        tmp_path,
        """\
=== content/site.md
---
title: The archive
base_url: https://example.org/news/
---
=== content/event/coverage.md
---
title: An event
notice: See [this](https://example.org/)
---
=== one.md
---
date: 2017-03-23T10:00:00Z
title: "</script><img src=//e>"
aliases: [older]
tags: [a "quoted" tag]
---
![A picture](media/a.png "Words") <img src="https://e/x.png" srcset="//e 2x" onerror="x()">

<iframe src="https://e"></iframe><a href="javascript:x" ping="//e">Words</a> <https://example.org>
<p style="background: url(//e)">Words <svg><use href="//e"></svg> url(//e) `fetch('//e')`
""",
    ).write_bytes("content/event/media/a.png")
    book.try_build()
    assert not book.result.failed, book.codes()
    report = Report()
    assert audit_output(book.output, report) > 10
    assert not report.problems


def test_the_archive_of_the_repository_has_nothing_to_tell(tmp_path: Path) -> None:
    from archiver.build import build_site

    assert not build_site(ROOT, tmp_path / "build").failed
    report = Report()
    assert audit_output(tmp_path / "build", report) > 100
    assert not report.problems


MARKS = """< > " ' = / \\ & ; url( ) @import <img <svg <style <script <template <noscript <!-- --> ]]>
    <![CDATA[ src= href= srcset= style= //e javascript: \\75 { } /* */ <?xml ?> <!DOCTYPE [ &x;
    </svg> </style> </template> </noscript> \\u0066 fetch( ` ${ <math <meta http-equiv=refresh
    content= <link rel= <a <svg xmlns='http://www.w3.org/2000/svg'>"""
PIECES = st.sampled_from([*MARKS.split(), " ", "\n", "\0", "é", "\ufffe", "\U0001f600"])
SOUP = st.one_of(
    st.binary(max_size=300), st.lists(PIECES, max_size=40).map("".join).map(str.encode)
)


@given(SOUP, st.sampled_from(sorted(audit.KINDS)), st.sampled_from([b"", *audit.MARKS.values()]))
def test_no_bytes_whatever_break_the_audit(
    tmp_path_factory: pytest.TempPathFactory, soup: bytes, suffix: str, mark: bytes
) -> None:
    output = tmp_path_factory.getbasetemp() / "soup"
    output.mkdir(exist_ok=True)
    for old in output.iterdir():
        old.unlink()
    (output / f"file{suffix}").write_bytes(mark + soup)
    for problem in find_problems(output):
        assert problem.place.line >= 0
        assert problem.place.column >= 0


WORDS = st.text("abc /\\.:%2eF#?|@", max_size=12)


@given(WORDS, st.integers(0, 3))
def test_an_address_that_stays_within_does_so_for_a_browser_too(address: str, depth: int) -> None:
    from urllib.parse import unquote, urljoin

    if leads_out(address, depth):
        return
    base = "http://host/build/" + "d/" * depth + "page.html"
    spelled = unquote(re.split("[?#]", address)[0]).replace("\\", "/")
    assert urljoin(base, spelled).startswith("http://host/build"), spelled


def test_lists_of_pictures_are_read_as_browsers_read_them() -> None:
    assert list(read_candidates(" a.png 1x,, b.png,c.png , d(e.png f(g, h) 2x,//i")) == [
        "a.png",
        "b.png,c.png",
        "d(e.png",
        "//i",
    ]
    assert list(read_candidates("data:image/png;base64,AA== 1x,b")) == [
        "data:image/png;base64,AA==",
        "b",
    ]
    assert not list(read_candidates(" , ,"))


def test_forwarding_is_read_as_browsers_read_it() -> None:
    for content, address in {
        "0": "",
        "0; url=a.html": "a.html",
        "0;URL = 'a b' c": "a b",
        '5 , url="a': "a",
        ".5;a": "a",
        "0 url=x": "x",
        "0;url=": "",
    }.items():
        assert read_refresh(content) == address, content
