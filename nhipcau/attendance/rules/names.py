"""How much of a name a wall shows."""


def board_name(name: str) -> str:
    """The name somebody is called by, and the first letter of the family: "Nguyễn Văn An" is "An N."

    A Vietnamese name begins with the family and ends with the given name. One word stays as it is.
    """
    words = name.split()
    if len(words) < 2:
        return name.strip()
    return f"{words[-1]} {words[0][0].upper()}."
