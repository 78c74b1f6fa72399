import numpy as np
import pytest

from streams.keys import ALL_SKILLS, Dimensions, Keys, Numbers, of_all_skills, panes_of

WEB = Dimensions("web_development", True, "smb", "US")
LAW = Dimensions("legal", False, "large", "other")


def test_a_post_counts_under_all_skills_and_under_each_of_its_own():
    keys = Keys()
    packed, of_post = keys.of_posts(np.array([60, 4_000_000_000]), [["python", "sql"], []], [WEB, LAW])
    assert of_post.tolist() == [0, 1, 0, 0]
    assert panes_of(packed).tolist() == [60, 4_000_000_000, 60, 60]
    assert of_all_skills(packed).tolist() == [True, True, False, False]
    columns = {name: column.tolist() for name, column in keys.columns(packed).items()}
    assert columns == {
        "pane_start": [60, 4_000_000_000, 60, 60],
        "skill": [ALL_SKILLS, ALL_SKILLS, "python", "sql"],
        "category": ["web_development", "legal", "web_development", "web_development"],
        "ai": [True, False, True, True],
        "client_size": ["smb", "large", "smb", "smb"],
        "market": ["US", "other", "US", "US"],
    }


def test_the_same_is_packed_into_the_same_key():
    keys = Keys()
    packed, _ = keys.of_posts(np.array([60]), [["python"]], [WEB])
    assert keys.pack(np.array([60, 60]), [ALL_SKILLS, "python"], [WEB, WEB]).tolist() == packed.tolist()


def test_more_than_a_key_has_room_for_is_refused():
    numbers = Numbers()
    numbers.of(range(65_536))
    assert numbers.of([0, 65_535]).tolist() == [0, 65_535]
    with pytest.raises(OverflowError, match="'one more' is one more than the 65536"):
        numbers.of(["one more"])
