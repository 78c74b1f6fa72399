from streams.classify import load_classifier
from streams.classify.lint import problems


def test_the_packaged_taxonomy_is_sound() -> None:
    assert problems(load_classifier()) == []


def test_hits_point_at_the_text() -> None:
    read = load_classifier().classify("Senior Power-BI expert", "Also SQL, C++ and  Node.js.")
    text = "Senior Power-BI expert\nAlso SQL, C++ and  Node.js."
    assert [(hit.skill, hit.text) for hit in read.skills] == [
        ("power_bi", "Power-BI"),
        ("sql", "SQL"),
        ("cpp", "C++"),
        ("node_js", "Node.js"),
    ]
    assert all(text[hit.start : hit.end] == hit.text for hit in read.skills)
