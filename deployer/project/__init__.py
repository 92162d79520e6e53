"""The linked resources of one environment: what the YAML says there, with every reference resolved."""

from deployer.project.link import Linked, link
from deployer.project.model import Project, Resource
from deployer.project.words import Words

__all__ = ["Linked", "Project", "Resource", "Words", "link"]
