"""The linked resources of one environment: what the YAML says there, with every reference resolved."""

from deployer.project.known_words import KnownWords
from deployer.project.link import Linked, link
from deployer.project.memory import Memory
from deployer.project.model import Kept, Project, Resource
from deployer.project.reading import read_sound
from deployer.project.references import NOT_HERE, absence_problems
from deployer.project.words import Words

__all__ = [
    "NOT_HERE",
    "Kept",
    "KnownWords",
    "Linked",
    "Memory",
    "Project",
    "Resource",
    "Words",
    "absence_problems",
    "link",
    "read_sound",
]
