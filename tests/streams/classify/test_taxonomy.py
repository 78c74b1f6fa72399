import shutil
from pathlib import Path

import pytest

from streams.classify import load_classifier
from streams.classify.cues import RULES, read_cues
from streams.classify.lint import problems
from streams.classify.taxonomy import TaxonomyError, read_taxonomy
from streams.classify.version import taxonomy_version

DJANGO = '[django]\nname = "Django"\nkind = "technical"\naliases = ["django"]\n'


def _folder(tmp_path: Path, *tables: str, group: str = "development") -> Path:
    for number, table in enumerate(tables):
        (tmp_path / f"file{number}.toml").write_text(f'group = "{group}"\n{table}', encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        pytest.param('[Django]\nname = "D"\nkind = "technical"\naliases = ["d"]', "a slug has", id="slug"),
        pytest.param('[django]\nname = "D"\nkind = "magic"\naliases = ["d"]', "Invalid enum", id="kind"),
        pytest.param('[django]\nname = "D"\nkind = "soft"', "at least one alias", id="no name"),
        pytest.param(
            '[django]\nkind = "soft"\naliases = ["d"]', "missing required field `name`", id="no display name"
        ),
        pytest.param(DJANGO + 'category = "cooking"', "not in categories.tsv", id="category"),
        pytest.param(DJANGO + 'alias = ["d"]', "unknown field `alias`", id="misspelt field"),
        pytest.param("[django\n", "Expected", id="broken TOML"),
    ],
)
def test_what_cannot_be_read_is_named_with_file_and_entry(tmp_path: Path, table: str, complaint: str) -> None:
    with pytest.raises(TaxonomyError, match=r"file0\.toml: .*" + complaint.replace("(", r"\(")):
        read_taxonomy(_folder(tmp_path, table))


def test_an_unknown_group_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match="group = 'cooking' is none of development, data_ai"):
        read_taxonomy(_folder(tmp_path, DJANGO, group="cooking"))


def test_a_slug_stands_once(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match=r"file1\.toml: \[django\] stands in file0\.toml as well"):
        read_taxonomy(_folder(tmp_path, DJANGO, DJANGO))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match="holds no taxonomy files"):
        read_taxonomy(tmp_path)


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        pytest.param(
            DJANGO + '[dj]\nname = "DJ"\nkind = "creative"\naliases = ["Django"]',
            "alias 'Django' is also an alias of [django]",
            id="shared alias",
        ),
        pytest.param(
            DJANGO
            + '[film]\nname = "Film"\nkind = "creative"\nambiguous = ["Django"]\nexamples = ["Django film"]\n'
            'not_examples = ["no"]\nneeds_any = ["film"]',
            "alias 'django' is ambiguous in [film]",
            id="alias that is ambiguous elsewhere",
        ),
        pytest.param(
            '[go]\nname = "Go"\nkind = "technical"\nambiguous = ["Go"]\nneeds_any = ["grpc"]\nexamples = ["Go, gRPC"]',
            "needs at least one of examples and one of not_examples",
            id="ambiguous without examples",
        ),
        pytest.param(
            DJANGO
            + '[flask]\nname = "Flask"\nkind = "technical"\naliases = ["flask", "django/flask", "flask and django"]',
            "alias 'django/flask' hides [django]",
            id="joined alias",
        ),
        pytest.param(DJANGO + 'needs_any = ["python"]', "there is none", id="context for nothing"),
        pytest.param(DJANGO + 'examples = ["Flask"]', "not found in its example 'Flask'", id="example"),
        pytest.param(DJANGO + 'not_examples = ["Django!"]', "one of its not_examples", id="not example"),
        pytest.param(
            '[jp]\nname = "JP"\nkind = "language"\naliases = ["日本語", "japanese"]',
            "has no letter or digit",
            id="nothing to match",
        ),
    ],
)
def test_the_linter_says_what_to_mend(tmp_path: Path, table: str, complaint: str) -> None:
    found = problems(load_classifier(_folder(tmp_path, table)))
    assert any(complaint in line for line in found), found


def test_a_phrase_speaks_for_one_category(tmp_path: Path) -> None:
    for rules in RULES.glob("*.toml"):
        shutil.copy(rules, tmp_path)
    (tmp_path / "categories.toml").write_text(
        '[sales]\nstrong = ["x"]\n[legal]\nweak = ["x"]\n', encoding="utf-8"
    )
    with pytest.raises(TaxonomyError, match="'x' stands under sales and legal"):
        read_cues(tmp_path)


def test_an_ambiguous_name_is_no_evidence_of_itself(tmp_path: Path) -> None:
    table = (
        '[elixir]\nname = "Elixir"\nkind = "technical"\nambiguous = ["Elixir", "Phoenix"]\n'
        'needs_any = ["phoenix", "elixir"]\nwith_skills = false\nexamples = ["Elixir"]\nnot_examples = ["x"]\n'
    )
    classifier = load_classifier(_folder(tmp_path, table))
    assert not classifier.classify("", "Our office is in Phoenix.").skills
    assert classifier.classify("", "Elixir with Phoenix").skills


def test_skills_that_share_a_name_are_both_found(tmp_path: Path) -> None:
    shared = '[crafts]\nname = "Crafts"\nkind = "creative"\naliases = ["django"]\n'
    classifier = load_classifier(_folder(tmp_path, DJANGO, shared))
    assert {hit.skill for hit in classifier.classify("", "Django wanted").skills} == {"django", "crafts"}


def test_the_version_changes_with_the_taxonomy(tmp_path: Path) -> None:
    before = taxonomy_version(_folder(tmp_path, DJANGO))
    assert taxonomy_version(_folder(tmp_path, DJANGO)) == before
    assert taxonomy_version(_folder(tmp_path, DJANGO + 'tags = ["dj"]')) != before
    assert load_classifier(tmp_path).taxonomy_version.startswith("2026.11-")
