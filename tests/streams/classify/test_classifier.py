import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from streams.classify import Classifier
from streams.classify.lint import problems
from streams.cli.classify import UnreadablePost
from streams.cli.classify import command as classify
from streams.cli.taxonomy import command as taxonomy


def test_the_packaged_taxonomy_is_sound(classifier: Classifier) -> None:
    assert problems(classifier) == []
    assert len(classifier.skills) >= 2_500


def test_hits_point_at_the_text(classifier: Classifier) -> None:
    text = "Senior Power-BI expert\nAlso SQL, C++ and  Node.js."
    read = classifier.classify(*text.split("\n"))
    assert [(hit.skill, hit.text) for hit in read.skills] == [
        ("power_bi", "Power-BI"),
        ("sql", "SQL"),
        ("cpp", "C++"),
        ("node_js", "Node.js"),
    ]
    assert all(text[hit.start : hit.end] == hit.text for hit in read.skills)


def test_the_longest_name_wins_and_a_skill_counts_once(classifier: Classifier) -> None:
    read = classifier.classify("SEO audit", "An SEO audit, please. SEO audits are your daily work.")
    assert [hit.skill for hit in read.skills] == ["seo_audit"]


def test_the_skill_by_its_own_name_is_better_evidence_than_the_trade(classifier: Classifier) -> None:
    read = classifier.classify("Video editor", "You do the video editing of our channel.")
    assert [(hit.skill, hit.text) for hit in read.skills][0] == ("video_editing", "video editing")


def test_tags_are_evidence_of_their_own(classifier: Classifier) -> None:
    read = classifier.classify("Backend work", "In Python.", ("Python", "Django", "Unheard-of"))
    assert [(hit.skill, hit.rule, hit.start) for hit in read.skills if hit.skill in {"python", "django"}] == [
        ("python", "alias", 16),
        ("django", "tag", -1),
    ]
    assert "go" not in {hit.skill for hit in classifier.classify("", "We wrote it in Go").skills}
    tagged = classifier.classify("", "We wrote it in Go", ("golang",))
    assert ("go", "context") in {(hit.skill, hit.rule) for hit in tagged.skills}


@pytest.mark.parametrize(
    ("title", "description", "category"),
    [
        pytest.param(
            "Bookkeeper for an AI start-up", "Monthly books in Xero.", "accounting_finance", id="purpose"
        ),
        pytest.param(
            "Need help", "I am looking for a video editor for my channel.", "video_production", id="sought"
        ),
        pytest.param(
            "Power BI Content Writer", "Write articles for our blog.", "content_writing", id="trade"
        ),
        pytest.param(
            "Recruiter to fill ML roles", "Source candidates on LinkedIn.", "hr_recruiting", id="recruiter"
        ),
        pytest.param("Xyzzy", "Plugh.", "other", id="no evidence"),
    ],
)
def test_category(classifier: Classifier, title: str, description: str, category: str) -> None:
    assert classifier.classify(title, description).category == category


def test_the_platform_category_is_evidence_not_truth(classifier: Classifier) -> None:
    assert classifier.classify("Help wanted", "", category="Legal").category == "legal"
    assert classifier.classify("Help wanted", "", category="photography").category == "photography"
    assert classifier.classify("Video editor", "Edit videos", category="Legal").category == "video_production"


@pytest.mark.parametrize(
    ("title", "description", "ai"),
    [
        pytest.param("AI engineer", "Build a RAG pipeline.", True, id="builds it"),
        pytest.param("Illustrations", "Made in Midjourney, finished by hand.", True, id="uses it"),
        pytest.param("Annotators", "Data annotation of street scenes.", True, id="annotates for it"),
        pytest.param("Nurses", "Evaluate AI answers to medical questions.", True, id="checks its output"),
        pytest.param("Trainer", "Teach our staff prompt engineering.", True, id="teaches it"),
        pytest.param("Blog writer", "No AI content, please.", False, id="forbids it"),
        pytest.param("Blog writer", "AI-generated proposals will be ignored.", False, id="proposals"),
        pytest.param("Bookkeeper – AI startup", "Monthly books.", False, id="the client's trade"),
        pytest.param("Logo", "Deliver AI, EPS and SVG files.", False, id="file format"),
        pytest.param("Bottle design", "For 250 ml and 500 ml.", False, id="millilitres"),
    ],
)
def test_ai(classifier: Classifier, title: str, description: str, ai: bool) -> None:
    assert classifier.classify(title, description).ai is ai


def test_classify_command(tmp_path: Path) -> None:
    posts = tmp_path / "posts.jsonl"
    row = {
        "post_id": "a",
        "title": "SQL",
        "description": "and Python",
        "skills": ["Django"],
        "category": "Legal",
    }
    posts.write_text(json.dumps(row) + "\n\n", encoding="utf-8")
    line = json.loads(CliRunner().invoke(classify, [str(posts)]).output)
    assert line.keys() == {"post_id", "category", "runner_up", "ai", "skills"}
    assert line["skills"][0] == {"skill": "sql", "text": "SQL", "start": 0, "end": 3, "rule": "alias"}
    assert [hit["skill"] for hit in line["skills"]] == ["sql", "python", "django"]
    bare = json.loads(CliRunner().invoke(classify, [str(posts), "--ignore-tags", "--ignore-category"]).output)
    assert [hit["skill"] for hit in bare["skills"]] == ["sql", "python"]
    assert bare["category"] != "legal"
    explained = CliRunner().invoke(classify, [str(posts), "--explain"]).output
    assert "SQL[sql alias]" in explained and "tags: Django [django]" in explained


def test_a_line_that_is_no_post_is_named() -> None:
    outcome = CliRunner().invoke(classify, ["-"], input='{"title": "SQL"}\n{"no": 1}\n')
    assert isinstance(outcome.exception, UnreadablePost)
    assert str(outcome.exception).startswith("line 2 is not a job post")


def test_taxonomy_commands(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert "Django" in run(taxonomy, ["search", "django"]).output
    assert run(taxonomy, ["search", "excel"]).output.startswith("microsoft_excel ")
    unknown = run(taxonomy, ["search", "xyzzyx"])
    assert unknown.exit_code == 1 and "no skill has these words" in unknown.output
    assert json.loads(run(taxonomy, ["show", "django", "--json"]).output)["slug"] == "django"
    assert "no skill 'xyzzyx'" in run(taxonomy, ["show", "xyzzyx"]).output
    assert json.loads(run(taxonomy, ["stats", "--json"]).output)["skills"] >= 2_500
    (tmp_path / "x.toml").write_text(
        'group = "other"\n[a]\nname = "A"\nkind = "soft"\naliases = ["a b"]\nexamples = ["c"]\n',
        encoding="utf-8",
    )
    checked = run(taxonomy, ["check", "--folder", str(tmp_path)])
    assert checked.exit_code == 1
    assert "x.toml: [a]: not found in its example 'c'" in checked.output
