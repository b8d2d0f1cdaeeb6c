from engines.overlay.shaping import joined, visual


def test_arabic_letters_take_the_form_of_their_place():
    assert joined("سلم") == "\ufeb3\ufee0\ufee2"


def test_a_letter_that_does_not_join_onward_breaks_the_word():
    assert joined("دب") == "\ufea9\ufe8f"


def test_lam_and_alef_become_one():
    assert joined("لا") == "\ufefb"
    assert joined("سلا") == "\ufeb3\ufefc"


def test_hebrew_is_turned_and_a_number_in_it_is_not():
    assert visual("אב 12", rtl=True) == "12 בא"


def test_brackets_are_mirrored():
    assert visual("(אב)", rtl=True) == "(בא)"


def test_latin_within_hebrew_keeps_its_order():
    assert visual("אב Zoom Go", rtl=True) == "Zoom Go בא"


def test_hebrew_within_latin_is_turned_by_itself():
    assert visual("say אב now", rtl=False) == "say בא now"


def test_a_mark_stays_on_its_letter():
    assert visual("לָב", rtl=True) == "בלָ"


def test_plain_text_is_left_alone():
    assert visual("plain 1.5!", rtl=False) == "plain 1.5!"
