from .exporting import diary_export, diary_file
from .importing import (
    import_begin,
    import_columns,
    import_drop,
    import_show,
    import_start,
    import_template,
    import_undo,
)

__all__ = [
    "diary_export",
    "diary_file",
    "import_begin",
    "import_columns",
    "import_drop",
    "import_show",
    "import_start",
    "import_template",
    "import_undo",
]
