"""How the documents become pages, which fetch nothing: `python -m sphinx -W docs results/site`."""

from sim import __version__

project = "Front Door"
copyright = "Front Door contributors"  # noqa: A001  (Sphinx's own name)
version = release = __version__
language = "en_GB"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
myst_heading_anchors = 3
# Links to sources and to folders lead to no page: they are for those who have the repository.
suppress_warnings = ["myst.xref_missing", "autodoc.import_object"]
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_preserve_defaults = True

html_theme = "alabaster"
html_title = "Front Door"
html_show_sourcelink = False
html_show_copyright = False
html_static_path: list[str] = []
html_theme_options = {"description": "Days from contact to child seen", "page_width": "1080px", "fixed_sidebar": True}
