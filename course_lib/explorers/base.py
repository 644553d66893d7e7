"""What all explorers have in common."""

from __future__ import annotations

from typing import Any, ClassVar

import anywidget
import traitlets


class Explorer(anywidget.AnyWidget):
    """An interactive figure whose options are its own synchronised traits."""

    fallback: ClassVar[str] = "This figure is interactive and needs JavaScript."

    @classmethod
    def option_names(cls) -> list[str]:
        """Return the names of the options that this explorer takes, sorted."""
        ours = set(cls.class_trait_names(sync=True)) - set(anywidget.AnyWidget.class_trait_names())
        return sorted(name for name in ours if not name.startswith("_"))

    @classmethod
    def state(cls, **options: Any) -> dict[str, Any]:
        """Return every option's value: the defaults, overridden by options.

        Raises:
            ValueError: an option is unknown, or its value is of a wrong type or out of range.
        """
        unknown = sorted(set(options) - set(cls.option_names()))
        if unknown:
            raise ValueError(
                f"{cls.__name__} has no option {', '.join(unknown)}; it has {', '.join(cls.option_names())}"
            )
        try:
            explorer = cls(**options)
        except traitlets.TraitError as error:
            raise ValueError(f"{cls.__name__}: {error}") from error
        values = {name: getattr(explorer, name) for name in cls.option_names()}
        explorer.close()
        return values
