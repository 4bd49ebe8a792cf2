"""How static files are stored: hashed, compressed, imports of ES modules rewritten to the hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage that follows `import "./other.js"`; strict: an unbuilt name is an error."""

    support_js_module_import_aggregation = True
    manifest_strict = True
