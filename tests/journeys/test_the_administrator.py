"""The administrator adds an account, hands over its link, and sees no child."""

from __future__ import annotations

from tests.makers import PASSWORD


def test_an_administrator_adds_an_account_and_sees_no_child(walk, make):
    adam, huda = make.administrator("Adam"), make.lawyer("Huda")
    case = make.case(team=[huda], child=make.child("كرم", "التجريبي"))
    administrator = walk(adam).look("desk").sees_not(case.reference).sees_not("كرم")

    administrator.goto("/accounts").look("accounts").follow("/accounts/add").look("a new account")
    administrator.type("Username", "salma").type("Name", "سلمى").tick("Counsellor").press(
        "Add the account", within="main"
    )
    administrator.look("the link")
    link = (
        administrator.page.locator("main").get_by_text("/welcome/").first.inner_text().split("/welcome/")[1].split()[0]
    )

    for hidden in (f"/cases/{case.id}", f"/children/{case.child_id}", "/cases", "/children/search"):
        with administrator.expecting(403, 404):
            administrator.goto(hidden).sees_not(case.reference).sees_not("كرم")

    newcomer = walk()
    newcomer.goto(f"/welcome/{link}").look("welcome")
    newcomer.type("New password", f"{PASSWORD}, her own").type("The same again", f"{PASSWORD}, her own")
    newcomer.press("Save and sign in", within="main").is_at("/desk.*").look("her desk")
