"""Write the address of the repository into what the package page shows: `.ci/addresses.py https://HOST/OWNER/NAME TAG`.

The package's page is elsewhere, where a relative link leads nowhere: the README's links and pictures get the address of
their file at the tag, and pyproject.toml gets its project URLs. The release does it before it builds; nothing here
knows an address, since the repository may move.
"""

import re
import sys
from pathlib import Path

FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(!?)(\[(?:[^\[\]]|\[[^\]]*\]\([^)]*\))*\])\((?!https?://|#)([^)\s]+)\)")


def absolute(readme: str, address: str, tag: str) -> str:
    """A page in markdown whose relative links lead to the files of a tag, its pictures to their bytes."""

    def link(found: re.Match[str]) -> str:
        picture, text, target = found.groups()
        return f"{picture}{text}({address}/{'raw' if picture else 'blob'}/{tag}/{target})"

    parts = FENCED.split(readme)
    return "".join(part if part.startswith("```") else LINK.sub(link, part) for part in parts)


def with_urls(settings: str, address: str, tag: str) -> str:
    """The text of pyproject.toml with the project's URLs."""
    urls = {
        "Source": address,
        "Documentation": f"{address}/blob/{tag}/docs/index.md",
        "Changelog": f"{address}/blob/{tag}/CHANGELOG.md",
        "Issues": f"{address}/issues",
    }
    if "[project.urls]" in settings:
        sys.exit("pyproject.toml has project URLs already")
    rows = "".join(f'{name} = "{url}"\n' for name, url in urls.items())
    return settings.replace("[project.scripts]\n", f"[project.urls]\n{rows}\n[project.scripts]\n", 1)


if __name__ == "__main__":
    given, version = sys.argv[1].rstrip("/"), sys.argv[2]
    settings_file, readme_file = Path("pyproject.toml"), Path("README.md")
    settings_file.write_text(with_urls(settings_file.read_text(encoding="utf-8"), given, version), encoding="utf-8")
    readme_file.write_text(absolute(readme_file.read_text(encoding="utf-8"), given, version), encoding="utf-8")
