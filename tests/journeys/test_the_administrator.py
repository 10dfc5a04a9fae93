"""The administrator adds an account, and sees no child."""

from __future__ import annotations


def test_an_administrator_adds_an_account_and_sees_no_child(walk, make):
    adam, huda = make.administrator("Adam"), make.lawyer("Huda")
    make.case(team=[huda])
    walk(adam).look("desk")
