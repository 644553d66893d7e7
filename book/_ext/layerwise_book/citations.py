"""Label the bibliography's entries as the text cites them: by author and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from string import ascii_lowercase

from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style as UnsrtStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting.author_year_title import SortingStyle
from sphinx.application import Sphinx


def author_year(entry: Entry) -> str:
    """Return "Lin, 2014", "Lin and Chen, 2014" or "Lin et al., 2014"."""
    persons, fields = entry.persons or {}, entry.fields or {}
    people = persons.get("author") or persons.get("editor") or []
    names = [" ".join(person.prelast_names + person.last_names) for person in people]
    names = [name.replace("{", "").replace("}", "") for name in names]
    if not names:
        who = str(fields.get("organization") or entry.key)
    elif len(names) <= 2:
        who = " and ".join(names)
    else:
        who = f"{names[0]} et al."
    return f"{who}, {fields['year']}" if "year" in fields else who


class AuthorYearLabels(BaseLabelStyle):
    """Labels such as "Lin et al., 2014", with a letter where two would be the same."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        """Yield one label an entry, in order."""
        labels = [author_year(entry) for entry in sorted_entries]
        total, seen = Counter(labels), Counter[str]()
        for label in labels:
            yield label + ascii_lowercase[seen[label]] if total[label] > 1 else label
            seen[label] += 1


class LayerwiseStyle(UnsrtStyle):
    """Plain entries, labelled by author and year and sorted by them."""

    default_label_style = AuthorYearLabels
    default_sorting_style = SortingStyle


def setup(_app: Sphinx) -> None:
    """Make the style known as `layerwise`."""
    register_plugin("pybtex.style.formatting", "layerwise", LayerwiseStyle)
