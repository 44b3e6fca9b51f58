"""Words of the Rich Text Format, by what becomes of the text that they govern; names of what in packages holds words of people."""

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
    "ftnsep": "Footnote", "ftnsepc": "Footnote", "ftncn": "Footnote", "aftnsep": "Endnote", "aftnsepc": "Endnote", "aftncn": "Endnote",
    "manager": "Manager", "category": "Category", "hlinkbase": "Base of links",
}  # fmt: skip
INFO = frozenset({"title", "author", "operator", "company", "keywords", "doccomm", "subject", "creatim", "revtim",
                  "generator", "template", "atnauthor", "fldinst", "objdata", "sn", "sv", "htmltag", "mhtmltag"})  # fmt: skip
"""Groups whose text is kept apart."""

TIME = ("yr", "mo", "dy", "hr", "min")
MACHINES = frozenset({
    "stylesheet", "latentstyles", "fonttbl", "xmlnstbl", "pgdsctbl", "mmathPr", "wgrffmtfilter", "falt", "defchp", "defpap", "listname",
    "ffformat", "ffentrymcr", "ffexitmcr", "xform", "pgdsc", "pgdscnxt", "gridtbl",
})  # fmt: skip
"""Groups that hold what programs write for themselves: fonts, styles, forms of figures."""
STYLES = frozenset({"cs", "ds", "ts", "tsrowd", "keycode"})
"""Marks of styles: what they begin in the sheet of styles is a name of one."""
BINARIES = frozenset({"pict", "themedata", "datastore", "nonshppict", "fontemb", "datafield", "colorschememapping", "password",
                      "passwordhash", "writereservhash", "oleclsid", "blipuid", "bliptag", "colortbl", "rsidtbl", "panose", "objalias",
                      "objsect", "objtime", "atnref", "atndate", "atnparent", "atntime", "atrfstart", "atrfend"})  # fmt: skip
"""Groups of figures: bytes, colours, numbers of revisions and remarks."""
KEYS = frozenset({"objclass", "objname", "bkmkstart", "bkmkend", "ffname", "atnid", "linkval"})
"""Groups that hold one name without a blank."""
COPIES = frozenset(
    {"shprslt", "nonesttables", "listtable", "listoverridetable", "pnseclvl", "pntxta", "pntxtb", "fldinst"}
)
"""Groups whose words stand in the text once more: shapes and tables for older programs, forms of numbers, what fields are made of."""
HOLDERS = frozenset(
    {"info", "filetbl", "revtbl", "userprops", "docvars", "formfield", "picprop", "levelpicture", "listpicture"}
)
"""Groups of groups, with nothing between them."""
SILENT = MACHINES | BINARIES | KEYS | COPIES - {"fldinst"} | HOLDERS
"""Groups that hold no text of the document."""

SHAPES = {
    "gtextUNICODE": "WordArt",
    "wzDescription": "Alternative text",
    "wzTooltip": "Tooltip",
    "wzName": "Shape",
    "pibName": "Picture",
}
"""Properties of a shape that hold words, and what they are."""
MADE_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){0,3} \d{1,5}")
"""Name that a program gives a shape: 'Text Box 2'."""
PASSED = frozenset({"shppict", "shpinst", "shp", "nesttableprops", "listtext", "pntext", "pn", "do", "sp"})
"""Groups marked as ones that may be passed over, whose inside is told all the same."""

# Further text of packages (`further`): what holds words of people, and what programs write of themselves.

HUMAN = frozenset(
    """alt altText altTextSummary caption comment current-value descr description display displayText error errorTitle help-text label
    prompt promptTitle screentip statusBar string string-value supertip title tooltip""".split()
)
"""Attributes that hold what people write, or what is shown to them."""

HUMAN_OF = {
    "val": frozenset(
        """alias default description docVar helpText inputCells listEntry lvlText mailSubject query statusText tag
        tblCaption tblDescription""".split()
    ),
    "name": frozenset({"docVar", "property", "user-defined"}),
    "value": frozenset({"listItem", "ocxPr", "option", "text", "textarea", "combobox", "listbox", "formatted-text", "file",
                        "password", "hidden", "item"}),
    "v": frozenset({"s"}),
}  # fmt: skip
"""Attributes that hold it in elements of these names only."""

QUOTING = frozenset({"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula",
                     "oldFormula", "condition", "formatCode"})  # fmt: skip
"""Formulas and forms of numbers, of which the texts in quotes are words."""

MARGINS = frozenset({"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"})
MEASURES = frozenset(
    """posOffset align pctWidth pctHeight pctPosHOffset pctPosVOffset col row colOff rowOff sqref id revision version lastPrinted
    language generator TotalTime Pages Words Characters Lines Paragraphs Application DocSecurity Template AppVersion PresentationFormat
    ScaleCrop LinksUpToDate CharactersWithSpaces SharedDoc HyperlinksChanged Slides Notes HiddenSlides MMClips config-item
    editing-cycles editing-duration print-date printed-by date created modified creation-date initials creator-initials currency-symbol
    Display Edit New number-text tag ocxPr string-value Anchor Row Column AutoFill TextHAlign TextVAlign LockText MoveWithCells
    SizeWithCells FmlaLink FmlaRange Val Min Max Inc Page Dx Sel SelType DropStyle DropLines bool i4 filetime""".split()
)
"""Elements and attributes that hold one measure, date or key; more than that is text."""

WRITERS = frozenset(
    {
        "creator",
        "initial-creator",
        "lastModifiedBy",
        "author",
        "Manager",
        "PresentationFormat",
        "Application",
        "Company",
    }
)
"""Elements that name who wrote, or with what: one name, of a length that names have."""

UNSEEN = frozenset({"HeadingPairs", "TitlesOfParts", "binary-data", "SignatureValue", "DigestValue", "X509Certificate", "template",
                    "page-number", "page-count", "sheet-name", "number"})  # fmt: skip
"""Lists of names of parts and fonts, pictures, signatures, and what programs count."""

PROMPTS = frozenset(
    """click to edit master title style|click to edit master text styles|edit master text styles|click to edit master subtitle style
    second level|third level|fourth level|fifth level|click icon to add picture|click to add text|click to add title
    titelmasterformat durch klicken bearbeiten|mastertitelformat bearbeiten|textmasterformate durch klicken bearbeiten
    mastertextformat bearbeiten|zweite ebene|dritte ebene|vierte ebene|fünfte ebene|master-untertitelformat bearbeiten
    modifiez le style du titre|cliquez pour modifier le style du titre|modifier les styles du texte du masque
    cliquez pour modifier les styles du texte du masque|deuxième niveau|troisième niveau|quatrième niveau|cinquième niveau
    modifiez le style des sous-titres du masque|haga clic para modificar el estilo de título del patrón
    haga clic para modificar los estilos de texto del patrón|editar los estilos de texto del patrón|segundo nivel|tercer nivel
    cuarto nivel|quinto nivel|haga clic para modificar el estilo de subtítulo del patrón
    click to edit the title text format|click to edit the outline text format|second outline level|third outline level
    fourth outline level|fifth outline level|sixth outline level|seventh outline level|click to move the slide
    click to edit the notes format|<date/time>|<header>|<footer>|<number>|‹#›|‹nr.›|‹n°›|‹nº›
    click or tap here to enter text.|click here to enter text.|click or tap to enter a date.|click here to enter a date.
    choose an item.|choose a building block.|[type text]|[type here]|page|page of|page /|seite|seite von|page sur
    página|página de|report|???
    chapter|article|section|table of contents|[threaded comment]|comment:
    your version of excel allows you to read this threaded comment; however, any edits to it will get removed if the file is opened in a
    newer version of excel. learn more: https://go.microsoft.com/fwlink/?linkid=870924
    """.replace(" a\n", " a ").replace("\n", "|").split("|")
)  # fmt: skip
"""What programs write into new files, in small letters: prompts of masters and content controls, numbers of pages."""
