"""The pages of the coded lists, for the coordinator."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.languages import _
from clinic.vocabularies import actions, lists, queries, rules, usage
from clinic.vocabularies.forms import TermForm, as_data, form_for
from clinic.vocabularies.labels import attribute_label, list_label, value_label
from clinic.vocabularies.lists import Term, Vocabulary
from clinic.web.buttons import carry_out
from clinic.web.guard import needs

bp = Blueprint("vocabularies", __name__, url_prefix="/lists")
P = Permission


@bp.get("")
@needs(P.VOCABULARY_EDIT)
def index() -> ResponseReturnValue:
    """Every list."""
    ordered = sorted(lists.lists(), key=lambda each: list_label(each.name))
    own = [each for each in ordered if each.editable]
    fixed = [each for each in ordered if not each.editable]
    return render_template("vocabularies/index.html", own=own, fixed=fixed, list_label=list_label)


@bp.get("/<name>")
@needs(P.VOCABULARY_EDIT)
def show(name: str) -> ResponseReturnValue:
    """One list: its codes in order."""
    vocabulary = _list(name)
    possible = rules.attributes_of(lists.shipped(), name)
    attributes = [each for each in possible if any(term.attributes.get(each) for term in vocabulary)]
    return render_template(
        "vocabularies/show.html",
        vocabulary=vocabulary,
        title=list_label(name),
        attributes=attributes,
        attribute_label=attribute_label,
        value_label=value_label,
        shipped=lists.shipped()[name],
    )


@bp.route("/<name>/add", methods=["GET", "POST"])
@needs(P.VOCABULARY_EDIT)
def add(name: str) -> ResponseReturnValue:
    """Adds a code."""
    vocabulary = _list(name)
    if vocabulary.fixed:
        abort(403)
    form = form_for(name, attributes=True)()
    said = form.values("en", "ar")
    if form.validate_on_submit() and form.takes(lambda: actions.add(vocabulary, attributes=form.chosen(), **said)):
        return _saved(name)
    return _form_page(vocabulary, form, None)


@bp.route("/<name>/codes/<code>", methods=["GET", "POST"])
@needs(P.VOCABULARY_EDIT)
def change(name: str, code: str) -> ResponseReturnValue:
    """Changes the labels of a code; of one that was added and is not yet used, also what it stands for."""
    vocabulary, term = _term(name, code)
    free = code not in lists.shipped()[name] and not usage.is_used(name, code)
    form = form_for(name, attributes=free)(data={"en": term.en, "ar": term.ar, **as_data(term.attributes)})
    if form.validate_on_submit() and form.takes(lambda: _change(vocabulary, code, form, with_attributes=free)):
        return _saved(name)
    return _form_page(vocabulary, form, term)


def _change(vocabulary: Vocabulary, code: str, form: TermForm, *, with_attributes: bool) -> None:
    actions.relabel(vocabulary, code, **form.values("en", "ar"))
    if with_attributes:
        actions.set_attributes(vocabulary, code, form.chosen())


@bp.post("/<name>/codes/<code>/move")
@needs(P.VOCABULARY_EDIT)
def move(name: str, code: str) -> ResponseReturnValue:
    """Moves a code up or down."""
    vocabulary, _term_there = _term(name, code)
    up = request.form.get("way") == "up"
    return carry_out(lambda: actions.move(vocabulary, code, up=up), done=None, back=_to(name, code))


@bp.post("/<name>/codes/<code>/retire")
@needs(P.VOCABULARY_EDIT)
def retire(name: str, code: str) -> ResponseReturnValue:
    """Forms offer the code no longer."""
    vocabulary, _term_there = _term(name, code)
    return carry_out(lambda: actions.retire(vocabulary, code), done=None, back=_to(name, code))


@bp.post("/<name>/codes/<code>/bring-back")
@needs(P.VOCABULARY_EDIT)
def bring_back(name: str, code: str) -> ResponseReturnValue:
    """Forms offer the code again."""
    vocabulary, _term_there = _term(name, code)
    return carry_out(lambda: actions.bring_back(vocabulary, code), done=None, back=_to(name, code))


def _to(name: str, code: str) -> str:
    return url_for(".show", name=name, _anchor=code)


def _list(name: str) -> Vocabulary:
    vocabulary = queries.find_list(name)
    if vocabulary is None:
        abort(404)
    return vocabulary


def _term(name: str, code: str) -> tuple[Vocabulary, Term]:
    vocabulary = _list(name)
    term = vocabulary.get(code)
    if term is None:
        abort(404)
    return vocabulary, term


def _form_page(vocabulary: Vocabulary, form: TermForm, term: Term | None) -> ResponseReturnValue:
    page = render_template(
        "vocabularies/form.html",
        vocabulary=vocabulary,
        form=form,
        term=term,
        title=list_label(vocabulary.name),
        attribute_label=attribute_label,
        value_label=value_label,
    )
    return page, 422 if form.errors else 200


def _saved(name: str) -> ResponseReturnValue:
    flash(_("Saved. Forms and reports say it so from now on."), "success")
    return redirect(url_for(".show", name=name), code=303)
