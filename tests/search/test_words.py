"""Queries as full-text expressions: no input is an error, and what is marked is what SQLite finds."""

import itertools
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench import search
from workbench.ledger.sessions.inserts import to_index_text
from workbench.search.stemming import split_tokens

TOKENIZER = "porter unicode61 remove_diacritics 2"
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCéñü0123456789 '\"-*()+:^{}.,/\n\t\u00a0"
LATIN = st.text(st.sampled_from(ALPHABET), max_size=60)
WORDS = st.lists(
    st.sampled_from(
        "the relational conditional rationing sized hopping falling hissing fizzed failing filing happy sky controlling rolled "
        "containers moved moving nights agreed plastered motoring conflated troubled ponies caresses ties cats probate rate cease "
        "vietnamization predication operator feudalism decisiveness hopefulness callousness formality sensitivity sensibility "
        "triplicate formative electrical goodness revival allowance inference airliner gyroscopic adjustable irritant replacement "
        "dependent adoption homologou communism activate angularity effective bowdlerize yes say year café naïve Zürich".split()
    ),
    max_size=8,
)


@pytest.fixture
def index() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = '{TOKENIZER}')")
    connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab (words, instance)")
    yield connection
    connection.close()


def matches(connection: sqlite3.Connection, text: str, expression: str) -> bool:
    connection.execute("DELETE FROM words")
    connection.execute("INSERT INTO words (rowid, text) VALUES (1, ?)", (text,))
    return bool(connection.execute("SELECT 1 FROM words WHERE words MATCH ?", (expression,)).fetchall())


def test_no_query_is_a_syntax_error(index: sqlite3.Connection) -> None:
    @given(st.one_of(st.text(max_size=60), LATIN))
    @settings(max_examples=400, deadline=None)
    def law(query: str) -> None:
        expression = search.build_expression(query)
        if expression:
            matches(index, "some text", expression)
        else:
            assert not search.list_terms(query)

    law()


@pytest.mark.slow
def test_tokens_are_those_of_the_index(index: sqlite3.Connection) -> None:
    @given(st.one_of(WORDS.map(" ".join), LATIN))
    @settings(max_examples=400, deadline=None)
    def law(text: str) -> None:
        index.execute("DELETE FROM words")
        index.execute("INSERT INTO words (rowid, text) VALUES (1, ?)", (text,))
        theirs = [row[0] for row in index.execute("SELECT term FROM terms ORDER BY offset")]
        assert [form for _, _, form in split_tokens(text)] == theirs

    law()


@pytest.mark.parametrize(
    ("text", "query"),
    [("وصلت الحاويةُ إلى الميناء", "حاوية"), ("حَاوِيَة", "الحاوية"), ("والسيارة البيضاء", "سيارة"), ("أحمد", "احمد"), ("هـــاتف", "هاتف"),
     ("رقم ٠٦٤٤", "0644"), ("رقم 0644", "٠٦٤٤"), ("مصطفى", "مصطفي"), ("ﻣﺤﻤﺪ", "محمد"), ("على مكتبه", '"علي مكتبه"')],
)  # fmt: skip
def test_arabic_is_found_however_it_is_written(index: sqlite3.Connection, text: str, query: str) -> None:
    assert matches(index, to_index_text(text), search.build_expression(query))
    assert search.find_highlights(text, query)


def test_arabic_tokens_are_those_of_the_index(index: sqlite3.Connection) -> None:
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةىکیہ٠٩۵" + "\u064b\u0650\u0651\u0652\u0640\u0670" + " ،.-"

    @given(
        st.one_of(
            st.text(st.sampled_from(letters), max_size=40),
            st.lists(st.sampled_from(["ال", "والكتاب", "لل", "بيت", " ", " Été ", " abe\u0301 "])).map("".join),
        )
    )
    @settings(max_examples=400, deadline=None)
    def law(text: str) -> None:
        index.execute("DELETE FROM words")
        index.execute("INSERT INTO words (rowid, text) VALUES (1, ?)", (to_index_text(text),))
        theirs = [row[0] for row in index.execute("SELECT term FROM terms ORDER BY offset")]
        assert [form for _, _, form in split_tokens(text) if form] == theirs

    law()


@pytest.mark.parametrize("word", ["eed", "ies", "sses", "yyed", "ayying", "sky", "agreed", "ponies", "caresses"])
def test_short_words_have_the_stem_of_the_index(index: sqlite3.Connection, word: str) -> None:
    index.execute("INSERT INTO words (rowid, text) VALUES (1, ?)", (word,))
    assert [row[0] for row in index.execute("SELECT term FROM terms")] == [form for _, _, form in split_tokens(word)]


def test_what_is_found_is_marked_and_what_is_not_is_not(index: sqlite3.Connection) -> None:
    @given(WORDS.map(" ".join), WORDS.filter(bool).map(" ".join))
    @settings(max_examples=300, deadline=None)
    def law(text: str, query: str) -> None:
        marked = search.find_highlights(text, query)
        assert bool(marked) == matches(index, text, search.build_expression(query))
        assert all(0 <= start < end <= len(text) for start, end in marked)
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(marked))

    law()


@pytest.mark.parametrize(
    ("query", "yes", "no"),
    [
        ("containers at night", "the container left", "he left at noon"),
        ('"blue van"', "two blue vans", "the van is blue"),
        ('"blue van" money', "a blue van", "the money"),
        ('"blue van" OR "red car"', "a red car", "blue car, red van"),
        ('"blue van" "red car"', "blue van, red car", "blue van"),
        ("money -transfer", "the money", "the money transfer"),
        ('money -"wire transfer"', "transfer money by wire", "money: wire transfer"),
        ("contain*", "containment", "content"),
        ("who are you", "you are late", "nothing here"),
        ("café", "cafe noir", "coffee"),
        ("+31 6 1234 5678", "number 0031612345678", "number 0031612345679"),
        ("0031612345678", "his number +31 6-1234-5678 or 0612345678", "0687654321"),
        ("NOT AND OR", "", "anything"),
        ("NEAR(x y)", "near x", "nothing"),
        ("a:b c^2 {d}", "c 2", "nothing"),
    ],
)
def test_queries(index: sqlite3.Connection, query: str, yes: str, no: str) -> None:
    expression = search.build_expression(query)
    if yes:
        assert matches(index, yes, expression)
        assert search.find_highlights(yes, query)
    if expression:
        assert not matches(index, no, expression)


@pytest.mark.parametrize(
    ("query", "yes", "no"),
    [
        ("was the container moved at night", "at night they moved the containers", "the container stood there"),
        ('"blue van" money', "money for the blue van", "a blue van"),
        ('"blue van" OR "red car"', "a red car", "a car"),
        ("money -transfer", "the money", "the money transfer"),
        ("call from +31 6 1234 5678", "he called 0612345678", "he called 0612345679"),
        ("who are you", "who do you think you are", "you are late"),
    ],
)
def test_passages_with_all_words_of_a_query(index: sqlite3.Connection, query: str, yes: str, no: str) -> None:
    assert matches(index, yes, search.build_all_words_expression(query))
    assert not matches(index, no, search.build_all_words_expression(query))


def test_a_query_that_asks_for_no_word_has_no_words() -> None:
    assert search.build_all_words_expression("-without") == search.build_all_words_expression("…") == ""


def test_stop_words_count_only_where_there_is_nothing_else() -> None:
    assert search.list_terms("where is the container") == ["container"]
    assert search.list_terms("who is it") == ["who", "is", "it"]
    assert search.list_terms('"to be" or') == ["to be"]


def test_a_query_of_exclusions_asks_for_nothing() -> None:
    assert search.build_expression("-money") == ""
    assert search.list_terms("-money") == []


def test_marks_slice_to_the_words() -> None:
    text = "They MOVED the containers; naïve café."
    assert [text[a:b] for a, b in search.find_highlights(text, "moving container cafe")] == [
        "MOVED",
        "containers",
        "café",
    ]
    text = "a blue, van here; blue sky"
    assert [text[a:b] for a, b in search.find_highlights(text, '"blue van"')] == ["blue, van"]


def test_a_pasted_page_is_cut() -> None:
    assert search.build_expression("word " * 10_000).count("OR") < 64
    assert len(search.list_terms(" ".join(f"w{n}" for n in range(1000)))) == 64
