"""Static files: imports of modules point at hashed names, and a missing file fails the build."""

from pathlib import Path

from project.lib.static import ModuleManifestStorage


def test_module_imports_follow_the_hashes(tmp_path: Path, settings: object) -> None:
    (tmp_path / "app.js").write_text('import { one } from "./lib.js";\nexport { one } from "./lib.js";\n')
    (tmp_path / "lib.js").write_text("export const one = 1;\n")
    storage = ModuleManifestStorage(location=str(tmp_path), base_url="/static/")
    paths = {name: (storage, name) for name in ("app.js", "lib.js")}
    failures = [result for _name, _hashed, result in storage.post_process(paths) if isinstance(result, Exception)]
    assert failures == []
    app, lib = (storage.stored_name(name) for name in ("app.js", "lib.js"))
    assert app != "app.js"
    assert (tmp_path / app).read_text().count(lib) == 2
    assert storage.manifest_strict
