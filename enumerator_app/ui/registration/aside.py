"""Forms that wait: set aside with F8, or pushed aside by another."""

from dataclasses import replace

from enumerator_app.ui.registration.form import Form, next_form
from enumerator_app.ui.registration.page_port import FormPage


class Aside:
    """The forms that are neither saved nor open; each is kept on disk like the open one."""

    def __init__(self, page: FormPage) -> None:
        self._page = page
        self.forms: tuple[Form, ...] = ()

    def set_aside(self) -> None:
        """Keep the open form for later and begin the next person (F8)."""
        form = self._page.state.form
        if not form.is_empty and not self._page.state.is_busy:
            self.put(form)
            self._page.show_form(next_form(form))

    def put(self, form: Form) -> None:
        """Let a form wait; an empty one is simply gone."""
        if not form.is_empty:
            kept = replace(form, is_aside=True)
            self._page.keeper.keep(kept)
            self.forms = (*self.forms, kept)

    def take_back(self, form_id: str) -> None:
        """Go on with a form that waits."""
        found = next((form for form in self.forms if form.form_id == form_id), None)
        if found is not None and not self._page.state.is_busy:
            self.forms = tuple(form for form in self.forms if form is not found)
            self.put(self._page.state.form)
            self._page.show_form(replace(found, is_aside=False))
