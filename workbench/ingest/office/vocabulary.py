"""Words of the Rich Text Format, by what becomes of the text that they govern."""

from __future__ import annotations

import re

SYMBOLS = {
    "par": "\n", "sect": "\n", "page": "\n", "line": "\n", "tab": "\t", "emdash": "\u2014", "endash": "\u2013",
    "bullet": "\u2022", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d",
    "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
CHARACTERS = {b"~": "\u00a0", b"-": "", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}
CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp850",
}  # fmt: skip
"""Character set of a font by its number."""

ASIDES = {
    "header": "Header", "headerl": "Header", "headerr": "Header", "headerf": "Header", "footer": "Footer",
    "footerl": "Footer", "footerr": "Footer", "footerf": "Footer", "footnote": "Footnote", "annotation": "Comment",
    "shptxt": "Text box", "endnote": "Endnote", "dptxbxtext": "Text box", "propname": "Property", "staticval": "Property",
    "docvar": "Variable", "ffdeftext": "Form field", "ffhelptext": "Form field", "ffstattext": "Form field", "ffl": "Form field",
}  # fmt: skip
INFO = frozenset({"title", "author", "operator", "company", "keywords", "doccomm", "subject", "creatim", "revtim",
                  "generator", "template", "atnauthor", "fldinst", "objdata", "sn", "sv"})  # fmt: skip
"""Groups whose text is kept apart."""

TIME = ("yr", "mo", "dy", "hr", "min")
SILENT = frozenset({"colortbl", "stylesheet", "pict", "themedata", "datastore", "latentstyles", "filetbl", "listtable", "result",
                    "listoverridetable", "revtbl", "rsidtbl", "nonshppict", "fontemb", "objclass", "objname", "pgdsctbl",
                    "info", "datafield", "bkmkstart", "bkmkend", "xmlnstbl", "nonesttables",
                    "fonttbl", "shprslt"})  # fmt: skip
"""Groups that hold no text of the document. 'result' is the picture of an object, 'shprslt' a shape once more for older programs."""

SHAPES = {"gtextUNICODE": "WordArt", "wzDescription": "Alternative text", "wzTooltip": "Tooltip", "wzName": "Shape"}
"""Properties of a shape that hold words, and what they are."""
MADE_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){0,3} \d{1,5}")
"""Name that a program gives a shape: 'Text Box 2'."""
MACHINES = frozenset({
    "mmathPr", "wgrffmtfilter", "panose", "falt", "pnseclvl", "defchp", "defpap", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc",
    "background", "colorschememapping", "oleclsid", "passwordhash", "blipuid", "bliptag", "picprop", "pgptbl", "cs", "ds", "ts",
    "tsrowd", "listname", "listpicture", "userprops", "docvars", "formfield", "ffname", "ffformat", "ffentrymcr", "ffexitmcr",
    "datastore", "htmltag", "mhtmltag", "atnid", "atnref", "atndate", "atnparent", "atntime", "atrfstart", "atrfend", "pntxta",
    "pntxtb", "keycode", "protstart", "protend", "protusertbl", "xform", "aftncn", "ftncn", "hlinkbase", "password", "pgdsc",
    "pgdscnxt", "writereservhash", "nofchars", "gridtbl", "levelpicture", "nextfile", "company", "linkval",
    "mvfmf", "mailmerge", "objalias", "objsect", "objtime", "topo",
})  # fmt: skip
"""Groups marked as ones that may be passed over that hold what programs write for themselves."""
PASSED = frozenset({"shppict", "shpinst", "shp", "nesttableprops", "listtext", "pntext", "pn", "do", "sp"})
"""Groups marked as ones that may be passed over, whose inside is told all the same."""
