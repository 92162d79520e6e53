"""Rules about files, YAML and documents: met while a project is read and linked, and relaxed by nothing.

What couldn't be read isn't in the project, so no later check could be trusted: these stay errors.
"""

from __future__ import annotations

from deployer.rules.rule import fixed
from deployer.source import Severity

_UNREAD = "What can't be read isn't in the project, so nothing that was checked after it could be trusted."
_LOST = "Two parsers, or two readers, would take it for different things, so it is read as neither."

FILES = (
    fixed("file/not-found", "a file isn't there", _UNREAD, "put the file there, or correct the link to it"),
    fixed(
        "file/not-read",
        "a resource is in a file whose name isn't read",
        "Files called `.yaml` and `.yml` are read; what another one declares isn't in the project.",
        "rename the file to end in `.yaml`",
        Severity.WARNING,
    ),
    fixed(
        "file/passed-over",
        "documents of another tool lie among the project's files",
        "A document is ours by its `kind`. Others are skipped, with one notice per file so that "
        "a document of ours that lost its `kind` doesn't go unnoticed.",
        "name the file or its folder under `ignore` in deployer.yaml",
        Severity.INFO,
    ),
    fixed(
        "file/not-text",
        "a file holds something else than UTF-8 text",
        "A wrong encoding turns an accent into two odd characters, and customers would read them.",
        "save the file as UTF-8, or rename it if it isn't text",
    ),
    fixed(
        "file/outside-project",
        "a path leads out of the project's folder",
        "What is deployed is what is in the repository: a file elsewhere isn't reviewed, and may be private.",
        "copy the file into the project",
    ),
    fixed(
        "file/too-large",
        "a file is larger than deployer reads",
        "A YAML file of more than 4 MiB, or another one of more than 8, was put there by mistake.",
        "split the file, or name it under `ignore` in deployer.yaml",
    ),
    fixed("file/unreadable", "a file or folder can't be read", _UNREAD, "check permissions and symbolic links"),
)
"""Files that can't be used."""

YAML = (
    fixed(
        "yaml/alias-bomb",
        "aliases repeat too much",
        "A few lines of aliases can expand to billions of values and fill the memory of the program that reads them.",
        "write the values out",
    ),
    fixed(
        "yaml/anchor-in-text",
        "the first word of a text is read as an anchor",
        "In an unquoted text `&` in front names the value for aliases: of `name: &Friends of us` only `of us` is read.",
        "quote the text; or delete an anchor that no alias repeats",
    ),
    fixed(
        "yaml/byte-order-mark",
        "a byte order mark is in the middle of a file",
        "Files that were joined keep the mark of each in front of its first key, which is another key then.",
        "delete the character; it can't be seen, but most editors show it on request",
    ),
    fixed(
        "yaml/comment-in-text",
        "a ` #` cuts a text off",
        "In an unquoted text ` #` begins a comment: of `name: Order #2 Shipped` only `Order` is read.",
        "quote the text; or put the comment on a separate line",
    ),
    fixed(
        "yaml/control-character",
        "a text holds a control character",
        "No channel carries it, terminals act on it, and it can't be seen.",
        "delete the character",
    ),
    fixed(
        "yaml/duplicate-key",
        "a mapping holds a key twice",
        f"Most YAML parsers keep the last one without a word, so half of what was written is lost. {_LOST}",
        "keep one of them",
    ),
    fixed(
        "yaml/flow-comma",
        "a comma in braces cuts a value off",
        "In `{day: Aug 9, 2023}` the comma ends the value, and `2023` becomes a separate key.",
        "quote the text that holds a comma",
    ),
    fixed(
        "yaml/key",
        "a key isn't plain text",
        "JSON, and so every schema and every payload, knows texts as keys only.",
        "write `key: value` with one name as the key",
    ),
    fixed(
        "yaml/mapping-value-unquoted",
        "an unquoted text holds a colon and a space",
        "A colon with a space behind it begins the next pair, in the midst of what was meant as a text.",
        "quote the text",
    ),
    fixed(
        "yaml/merge-key",
        "a merge key (`<<`) is written",
        "Merge keys belong to YAML 1.1 and left it with 1.2. What they would mean where two of them meet, or one meets "
        "a field, depends on the parser.",
        "write the fields out, or repeat one value with an alias",
    ),
    fixed(
        "yaml/not-a-mapping",
        "a document isn't a mapping",
        "A resource is a mapping with a `kind`; a list of resources is several documents.",
        "begin with `kind:`, and put `---` between resources",
    ),
    fixed(
        "yaml/not-json-number",
        "a number that JSON doesn't have",
        "What is declared becomes JSON at Attentive, which knows no infinity and no `.nan`.",
        "quote it if it is text, or write a number",
    ),
    fixed(
        "yaml/scalar-too-long",
        "a text in YAML is too long",
        "A text of more than 256 KiB within YAML was pasted by mistake, or belongs in a separate file.",
        "put the text into a file and name it with `file:`",
    ),
    fixed("yaml/syntax", "a file isn't YAML", _UNREAD, "correct the place that the problem shows"),
    fixed(
        "yaml/tab",
        "a tab indents YAML",
        "YAML allows spaces only, since a tab is as wide as each editor likes.",
        "use spaces",
    ),
    fixed(
        "yaml/too-deep",
        "values are nested too deep",
        "No resource needs 64 levels; such a file is broken or hostile.",
        "make the structure flatter",
    ),
    fixed(
        "yaml/too-many-documents",
        "a file holds too many documents",
        "A file with more than 1,000 documents is read by no person.",
        "split the file",
    ),
    fixed(
        "yaml/unknown-tag",
        "a tag can't be used",
        "Tags make a parser build objects. Values here are limited to what JSON can express.",
        "remove the tag, or quote a text that begins with `!`",
    ),
    fixed(
        "yaml/unquoted-braces",
        "a value that begins with a macro isn't quoted",
        "Unquoted, `{{` and `[[` begin a mapping or a list, and not a text.",
        "put the value in quotes, or on the next line after `|`",
    ),
)
"""Texts that aren't YAML, or not the YAML that is meant here."""

DOCUMENTS = (
    fixed(
        "absorb/not-own-words",
        "a pasted text changed what the message's own words don't hold",
        "`deployer absorb` writes a text of Attentive's composer back. What comes from a macro file, from the brand "
        "or from an included file belongs to other messages too, so it isn't rewritten.",
        "change it where it comes from, then absorb the rest",
    ),
    fixed("kind/missing", "a document has no `kind`", _UNREAD, "write `kind:` with one of the kinds"),
    fixed("kind/unknown", "a document is of a kind that doesn't exist", _UNREAD, "correct the name of the kind"),
    fixed(
        "project/duplicate-address",
        "two resources of one kind have one id",
        "The state, tasks and confirmations are kept under the address, which is the kind and the id.",
        "give one of them another id",
    ),
    fixed(
        "project/duplicate-name",
        "two resources have one name at Attentive",
        "At Attentive there is one thing of that name, and each apply would write it from the other declaration. "
        "Names that differ in case, spaces, hyphens or underscores only are two things there (Attentive's OpenAPI "
        "file, POST /v1/events/custom: names are case-sensitive), and people take them for one.",
        "keep one, or give them names that can't be confused",
    ),
    fixed(
        "project/empty",
        "a project declares nothing",
        "Checking nothing and finding nothing would look like success.",
        "declare a resource, or correct `--project`",
    ),
    fixed("project/no-settings", "a folder has no deployer.yaml", _UNREAD, "write one, or correct `--project`"),
    fixed("project/not-found", "the project's folder isn't there", _UNREAD, "correct `--project`"),
    fixed(
        "project/two-settings",
        "a project has two files of settings",
        "Only one of `deployer.yaml` and `deployer.yml` is read, and sooner or later the two differ.",
        "keep one of them",
    ),
    fixed(
        "reference/not-here",
        "a reference leads to what isn't in this environment",
        "The resource exists, but `environments:` leaves this environment out, so what needs it can't be built here.",
        "add the environment there, or leave it out here too",
    ),
    fixed(
        "reference/unknown",
        "a reference leads nowhere",
        "A journey without its message, or a message without its event, can't be built or rendered.",
        "correct the id, or declare the resource",
    ),
)
"""Documents, and how they fit together."""
