from core.toml_lines import entry_line

LIST = '''[guests]
speakers = [
    "Ana=a", # [one], two
    'Ben="[,]"', """
Eve=e""",
    { name = "Zed", of = [1,
        2] }, 2026-01-01 10:00:00,

    "last",
]
more = ["x"]
'''


def test_each_entry_of_a_list_is_found_where_it_begins():
    assert [entry_line(LIST, 2, at) for at in range(6)] == [3, 4, 4, 6, 7, 9]
    assert entry_line(LIST, 2, 6) == 2
    assert entry_line(LIST, 11, 0) == 11
    assert entry_line(LIST, 0, 0) == 0
