"""`skillpulse classify FILE|-`: job posts in, what they ask for out, one JSON object a line."""

import sys
from collections.abc import Iterator
from typing import BinaryIO

import click
import msgspec

from schemas.faults import Fault
from streams.classify import Classified, load_classifier
from streams.cli.options import settings_of


class Post(msgspec.Struct):
    """What classification reads of a post; the rest of the event is ignored."""

    title: str
    post_id: str = ""
    description: str = ""
    skills: tuple[str, ...] = ()
    category: str = ""


class UnreadablePost(Fault):
    """A line of the input is not a job post. The command stops and names the line."""


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--ignore-tags", is_flag=True, help="Hide the platform's skill tags from the classifier.")
@click.option("--ignore-category", is_flag=True, help="Hide the platform's category from the classifier.")
@click.option("--explain", is_flag=True, help="Print each post with its hits marked instead of JSON.")
def command(file: BinaryIO, ignore_tags: bool, ignore_category: bool, explain: bool) -> None:
    """Classify job posts: JSON lines in FILE (or - for standard input), JSON lines out.

    Example: skillpulse classify posts.jsonl --explain
    """
    classifier = load_classifier(settings_of(None).taxonomy)
    for post in read_posts(file):
        read = classifier.classify(
            post.title,
            post.description,
            () if ignore_tags else post.skills,
            "" if ignore_category else post.category,
        )
        if explain:
            _explain(post, read)
        else:
            sys.stdout.buffer.write(msgspec.json.encode(_line(post, read)) + b"\n")


def read_posts(file: BinaryIO) -> Iterator[Post]:
    """The posts of a file of JSON lines. Raises UnreadablePost."""
    decoder = msgspec.json.Decoder(Post)
    for number, line in enumerate(file, start=1):
        if line.strip():
            try:
                yield decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise UnreadablePost(f"line {number} is not a job post: {error}") from error


def _line(post: Post, read: Classified) -> dict[str, object]:
    return {
        "post_id": post.post_id,
        "category": read.category,
        "runner_up": read.runner_up,
        "ai": read.ai,
        "skills": read.skills,
    }


def _explain(post: Post, read: Classified) -> None:
    text, at, marked = f"{post.title}\n{post.description}", 0, []
    for hit in read.skills:
        if hit.start >= at:
            name = click.style(f"[{hit.skill} {hit.rule}]", dim=True)
            marked += [text[at : hit.start], click.style(hit.text, fg="green", bold=True), name]
            at = hit.end
    click.echo(click.style(f"{post.post_id}  {read.category} ({read.runner_up})  ai={read.ai}", bold=True))
    click.echo("".join(marked) + text[at:])
    tags = ", ".join(f"{hit.text} [{hit.skill}]" for hit in read.skills if hit.start < 0)
    if tags:
        click.echo(click.style(f"tags: {tags}", fg="cyan"))
    click.echo()


if __name__ == "__main__":
    command()
