from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names for all static files, those that ES modules import from each other included."""

    support_js_module_import_aggregation = True
