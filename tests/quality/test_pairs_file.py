"""A person's own pairs, in the forms in which people have them."""

import csv
import io
import json
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import QualityInputError
from core.quality.corpus import Corpus, Limits
from core.quality.pairs_file import read_corpus

DOCUMENTS = b"id,text\nd1,Paid back in ten days.\nd2,Boots run small.\nd3,Nobody asks.\n"


def relevant_texts(corpus: Corpus) -> dict[str, set[str]]:
    """Each query with the texts that are relevant to it."""
    return {
        query: {corpus.documents[place] for place in places}
        for query, places in zip(corpus.queries, corpus.relevant, strict=True)
    }


def as_csv(rows: Sequence[dict[str, str]], sign: str) -> bytes:
    """Rows as a spreadsheet writes them."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]), delimiter=sign)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


FORMS: dict[str, Callable[[Sequence[dict[str, str]]], bytes]] = {
    "comma": lambda rows: as_csv(rows, ","),
    "semicolon": lambda rows: as_csv(rows, ";"),
    "tab": lambda rows: as_csv(rows, "\t"),
    "marked": lambda rows: b"\xef\xbb\xbf" + as_csv(rows, ","),
    "list": lambda rows: json.dumps(list(rows), indent=1).encode(),
    "lines": lambda rows: "\n\n".join(json.dumps(row) for row in rows).encode(),
}
SENDABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
TEXT = st.text(SENDABLE, min_size=1, max_size=12).map(str.strip).filter(bool)


@given(st.dictionaries(TEXT, TEXT, min_size=1, max_size=6), st.sampled_from(sorted(FORMS)))
def test_what_was_written_is_read_in_every_form(pairs: dict[str, str], form: str) -> None:
    """Commas, quotes, line ends, any script: CSV with any separator, a list, or lines of JSON."""
    rows = [{"query": query, "relevant": text} for query, text in pairs.items()]
    corpus = read_corpus(FORMS[form](rows))
    assert relevant_texts(corpus) == {query: {text} for query, text in pairs.items()}
    assert len(set(corpus.documents)) == len(corpus.documents)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6), st.integers(2, 3))
def test_a_row_that_stands_there_twice_changes_nothing(
    pairs: list[tuple[str, str]], times: int
) -> None:
    """The same file again below itself gives the same queries, documents and pairs."""
    rows = [{"query": query, "relevant": text} for query, text in pairs]
    once, again = (read_corpus(as_csv(rows * n, ",")) for n in (1, times))
    assert again.digest == once.digest


@pytest.mark.parametrize("query", ["query", "Question", "q", "SEARCH", "search query", "anchor"])
@pytest.mark.parametrize("text", ["relevant", "answer", "positive", "Document", "text", "passage"])
def test_columns_go_by_their_usual_names(query: str, text: str) -> None:
    """Nobody has to rename a column of a common export."""
    corpus = read_corpus(f"{query},other,{text}\nhow long,9,ten days\n".encode())
    assert relevant_texts(corpus) == {"how long": {"ten days"}}


@pytest.mark.parametrize(
    "name", ["relevant_id", "doc_id", "document_id", "corpus-id", "pid", "relevant", "document"]
)
@pytest.mark.parametrize("own", ["id", "_id", "doc_id"])
def test_a_relevant_document_is_named_by_its_id(name: str, own: str) -> None:
    """In a column of ids, or in a column for texts where what stands there is an id."""
    corpus = read_corpus(
        f"query;{name}\nhow long;d1\nsize;d2\n".encode(),
        DOCUMENTS.replace(b"id,", own.encode() + b",", 1),
    )
    assert relevant_texts(corpus) == {
        "how long": {"Paid back in ten days."},
        "size": {"Boots run small."},
    }
    assert len(corpus.documents) == 3


def test_several_documents_are_relevant_by_rows_or_by_a_list() -> None:
    """A row for each, or a list in JSON: the same corpus."""
    rows = read_corpus(b"query,pid\nq,d1\nq,d2\n", DOCUMENTS)
    listed = read_corpus(b'{"query": "q", "pid": ["d1", "d2"]}', DOCUMENTS)
    assert listed.digest == rows.digest
    assert rows.relevant == ((0, 1),)


def test_a_title_stands_before_its_text_and_the_text_alone_is_found_too() -> None:
    """As BEIR's corpora have them; ids may be numbers."""
    documents = b'{"_id": 7, "title": "Boots", "text": "run small"}\n{"_id": 8, "text": "x"}'
    by_id = read_corpus(b'{"query": "size", "relevant_id": 7}\n', documents)
    by_text = read_corpus(b'{"query": "size", "relevant": "run small"}\n', documents)
    assert by_id.documents == ("Boots run small", "x")
    assert by_text.digest == by_id.digest


@pytest.mark.parametrize("no", ["0", "-1", "0.0", "false"])
def test_a_grade_of_0_is_not_relevant(no: str) -> None:
    """BEIR's qrels say what is not relevant too: such a document is there, and nobody asks."""
    corpus = read_corpus(f"query,pid,score\nq,d1,1\nq,d2,{no}\n".encode(), DOCUMENTS)
    assert relevant_texts(corpus) == {"q": {"Paid back in ten days."}}


def remark(corpus: Corpus, words: str) -> bool:
    """Whether some remark has these words."""
    return any(words in one for one in corpus.remarks)


def test_what_is_doubtful_is_counted_and_said() -> None:
    """Few queries, repeats, empty rows and documents, queries without an answer, new texts."""
    documents = DOCUMENTS + b"d4,Boots run small.\nd5,  \n"
    pairs = b"query,relevant\nq,d1\nq,d2\n,d1\nr,\ns,d5\nt,d4\n"
    corpus = read_corpus(pairs, documents)
    assert relevant_texts(corpus) == {
        "q": {"Paid back in ten days.", "Boots run small."},
        "t": {"Boots run small."},
    }
    assert remark(corpus, "2 queries: too few")
    assert remark(corpus, "1 row repeats a query")
    assert remark(corpus, "1 document repeats another")
    assert remark(corpus, "2 rows without a query or a relevant document")
    assert remark(corpus, "1 document without a text")
    assert remark(corpus, "2 queries without any relevant document")
    assert remark(corpus, "No query asks for 1 of the 3 documents")


def test_texts_that_are_not_among_the_documents_are_added_and_said() -> None:
    """A file of other ids would silently become documents."""
    corpus = read_corpus(b"query,relevant\nq,x1\nr,x2\n", DOCUMENTS)
    assert corpus.documents[3:] == ("x1", "x2")
    assert remark(corpus, "2 relevant texts of the pairs did not stand among the documents")


def test_of_several_columns_that_could_be_meant_it_is_said_which_was_read() -> None:
    """Exports for readers hold the passage and the answer in it: the passage is a document."""
    corpus = read_corpus(b"question,answer,context\nhow long,10,paid in 10 days\nsize,45,\n")
    assert relevant_texts(corpus) == {"how long": {"paid in 10 days"}}
    assert remark(corpus, "The column context was read, and answer not")
    assert remark(corpus, "1 row without a query or a relevant document")


@pytest.mark.parametrize(("queries", "few"), [(9, "too few"), (10, "are few"), (49, "are few")])
def test_how_few_queries_there_are_is_said(queries: int, few: str) -> None:
    """Below 10 no figure is given; below 50 the intervals are wide."""
    rows = "".join(f"q{i},a{i}\n" for i in range(queries))
    assert remark(read_corpus(f"query,relevant\n{rows}".encode()), few)


def test_documents_that_all_are_asked_for_flatter_every_model() -> None:
    """It is said: a search of a full collection meets others too."""
    rows = "query,relevant\n" + "".join(f"q{i},a{i}\n" for i in range(50))
    alone = read_corpus(rows.encode())
    assert [one[:31] for one in alone.remarks] == ["Every document is relevant to s"]
    beside = read_corpus(rows.encode(), b"text\na0\nb\nc\n")
    assert remark(beside, "No query asks for 2 of the 52 documents")
    assert not remark(beside, "Every document")


@pytest.mark.parametrize(
    ("pairs", "documents", "words"),
    [
        (b"query,pid\nq,d1\nr,d9\n", DOCUMENTS, 'Row 3 of the pairs: no document has the id "d9"'),
        (b"query,relevant\nq,d1\nr,d9\n", DOCUMENTS, "Row 3 of the pairs: no document has the id"),
        (b'{"query":"q","pid":"d1"}\n{"query":"r","pid":"d9"}', DOCUMENTS, "Line 2 of the pairs"),
        (b'[{"query":"q","pid":["d1","d9"]}]', DOCUMENTS, "Entry 1 of the pairs"),
        (b"query,pid\nq,d1\n", None, "Give the documents too"),
        (b"query,pid\nq,d1\n", b"text\na\n", "Give the documents too, with a column id"),
        (b"ask,relevant\nq,d\n", None, "Row 2 of the pairs has no query: it has ask, relevant"),
        (b"query,other\nq,d\n", None, "Row 2 of the pairs has no relevant document"),
        (b"query,relevant\nq,d\n", b"name\nx\n", "Row 2 of the documents has no text"),
        (b"query,relevant\nq,d\n", b"id,text\n1,\n", "The documents hold no text"),
        (b"query,relevant\nq,d\n", b"id,text\n1,a\n1,b\n", 'Row 3 of the documents has the id "1"'),
        (b"query,relevant,relevant\nq,a,b\n", None, "Row 1 of the pairs names relevant twice"),
        (
            b'{"query":"q","relevant":"a","Relevant":"b"}',
            None,
            "Line 1 of the pairs names relevant",
        ),
        (b"query,relevant\n", None, "hold no query with a relevant document"),
        (b"query,relevant\nq,\n", None, "hold no query with a relevant document"),
        (b" \n ", None, "The pairs are empty"),
        (b"query,relevant\nq,d\n", b"", "The documents are empty"),
        (b"query,relevant\nq,a,b\n", None, "Row 2 of the pairs has 3 fields, the heading 2"),
        (b'query,relevant\nq,"a\n', None, "Row 2 of the pairs cannot be read"),
        (b'query,relevant\nq,"a" b\n', None, "Row 2 of the pairs cannot be read"),
        (b"query,relevant\nq,\xe9\n", None, "Line 2 of the pairs is not UTF-8"),
        ("query\tanswer\n".encode("utf-16"), None, "are in UTF-16. Save them as CSV (UTF-8)"),
        (b"PK\x03\x04rest", None, "are a workbook or an archive. Save them as CSV"),
        (b"\xd0\xcf\x11\xe0rest", None, "Save them as CSV"),
        (b"\x1f\x8brest", None, "compressed"),
        (b"PAR1rest", None, "Parquet"),
        (b"query,relevant\nq,a\x00b\n", None, "Row 2 of the pairs holds a broken character"),
        (b'{"query":"q","relevant":"\\ud800"}', None, "Line 1 of the pairs holds a broken"),
        (b'{"query":"q","relevant":{"a":1}}', None, "Line 1 of the pairs has a value that is no"),
        (b'{"query":true,"relevant":"a"}', None, "Line 1 of the pairs has a value"),
        (
            b'{"query":"q","relevant":"a"}\n\n{"query"',
            None,
            "Line 3 of the pairs is no JSON",
        ),
        (b'[{"query":"q","relevant":"a"}, 3]', None, "Entry 2 of the pairs is no JSON object"),
        (b'[{"query":"q","relevant":"a"}', None, "The list of the pairs is malformed at line 1"),
        (b"query,relevant,score\nq,a,high\n", None, "Row 2 of the pairs has a grade that is no"),
        (b"query,relevant,score\nq,a,\n", None, "Row 2 of the pairs has a grade that is no number"),
        (b"query,relevant,score\nq,a,nan\n", None, "Row 2 of the pairs has a grade that is no"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_row(
    pairs: bytes, documents: bytes | None, words: str
) -> None:
    """Every sentence says what, where and what to do."""
    with pytest.raises(QualityInputError) as error:
        read_corpus(pairs, documents)
    assert words in str(error.value)
    assert str(error.value).count(". ") <= 2


def test_more_than_the_limits_is_refused_before_anybody_is_paid() -> None:
    """Texts and bytes; the limits themselves still pass."""
    pairs = b"query,relevant\nq,a\nr,b\n"
    assert read_corpus(pairs, limits=Limits(texts=4)).texts == 4
    with pytest.raises(QualityInputError, match="2 queries and 2 documents are more than 3 texts"):
        read_corpus(pairs, limits=Limits(texts=3))
    with pytest.raises(QualityInputError, match="more than 2 documents"):
        read_corpus(b"query,pid\nq,d1\n", DOCUMENTS, Limits(texts=2))
    with pytest.raises(QualityInputError, match=r"1\.0 MB, and 0 are the most"):
        read_corpus(b"query,relevant\nq," + b"a" * 2**20, limits=Limits(megabytes=0))


PIECES = (
    *(b"query", b"relevant", b"text", b"id", b",", b";", b"\n", b"\r", b'"', b"{", b"}", b"["),
    *(b"]", b":", b"\x00", b"\xff", b"1e999", b"null", b"NaN", b"\\ud800", b"\xef\xbb\xbf"),
)
HOSTILE = st.binary(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join)


@given(HOSTILE, st.none() | HOSTILE)
def test_hostile_bytes_give_a_corpus_or_a_sentence(pairs: bytes, documents: bytes | None) -> None:
    """Never another error."""
    try:
        corpus = read_corpus(pairs, documents)
    except QualityInputError:
        return
    assert corpus.queries
