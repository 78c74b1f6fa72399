import pytest

from streams.classify.forms import forms
from streams.classify.normalise import searchable


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("C++, .NET & Node.js!", " c     net   node js  ", id="punctuation is a space"),
        pytest.param("Résumé Ärzte Łódź", " resume arzte lodz ", id="accents"),
        pytest.param("Power\u00a0BI\u2009dashboard", " power bi dashboard ", id="Unicode spaces"),
        pytest.param("𝗣𝘆𝘁𝗵𝗼𝗻 ＳＱＬ", " python sql ", id="bold and full-width letters"),
        pytest.param("re\u0301sume\u0301", " resume ", id="combining accents are left out"),
        pytest.param("Re\u200bact", " react ", id="zero-width characters are left out"),
        pytest.param("power   bi", " power bi ", id="repeated spaces are one"),
        pytest.param("日本語 SQL 🚀", "     sql   ", id="other scripts are spaces"),
        pytest.param("", "  ", id="empty"),
    ],
)
def test_folded(text: str, folded: str) -> None:
    assert searchable(text).folded.decode() == folded


def test_addresses_name_nothing() -> None:
    post = searchable("see https://react.dev/learn or mail django@python.org for SQL")
    assert post.folded.decode().split() == ["see", "or", "mail", "for", "sql"]
    assert len(post.folded) == len(post.text) + 2


def test_places_point_into_the_text_as_it_stands() -> None:
    post = searchable("re\u0301sume\u0301  \u200b writing")
    start = post.folded.index(b"writing") - 1
    first, last = post.place(start, start + len(b"writing"))
    assert post.text[first:last] == "writing"


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        pytest.param("django", [None], id="one word needs no second look"),
        pytest.param("c++", [b"c++"], id="punctuation must stand there"),
        pytest.param("power-bi", [b"power bi"], id="soft separators are spaces"),
        pytest.param("node.js", [b"node.js", b"node js"], id="a dot inside may be a space"),
        pytest.param("tag(s)", [None, None], id="plural"),
        pytest.param("q&a", [b"q&a", b"q & a"], id="ampersand"),
        pytest.param("driver's ed", [b"driver's ed", b"driver?s ed"], id="typographic apostrophe"),
        pytest.param("a/b", [b"a b", b"a   b"], id="slash between spaces"),
        pytest.param("日本語", [], id="nothing to match"),
    ],
)
def test_forms(name: str, spelled: list[bytes | None]) -> None:
    assert [form.spelled for form in forms(name)] == spelled
