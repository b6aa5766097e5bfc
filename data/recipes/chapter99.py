"""Read the lists of codes that the notes of Chapter 99 print, at the digits that they print.

A list stands between two phrases of the text: the words that open its subdivision and the words that open the next. Page
breaks cut lists in two and some pages run two columns side by side; so a list is read by the shape of its codes, never by
its place on a page.
"""
import gzip
import re

CODE = re.compile(r"\d{4}(?:\.\d{2}(?:\.\d{2}(?:\.?\d{2})?)?)?")
IN_PROSE = re.compile(r"(?<![\d.:])\d{4}\.\d{2}(?:\.\d{2}(?:\.?\d{2})?)?(?!\d|\.\d)")
PAGE = "Harmonized Tariff Schedule of the United States Revision"
CONTINUED = "U.S. Notes (con.)"
BETWEEN_PAGES = re.compile(rf"{PAGE}|Annotated for Statistical Reporting|^\s*XXII\s*$|99 - III - \d+|{re.escape(CONTINUED)}")


def digits(text):
    return "".join(ch for ch in text if ch.isdigit())


def distinct(codes):
    """Codes of chapters 1 to 97, each once, in the order of the text."""
    return list(dict.fromkeys(code for code in map(digits, codes) if code[:2] not in ("98", "99")))


class Law:
    """A text of the law as lines."""

    def __init__(self, path):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as handle:
            self.lines = handle.read().split("\n")
        # The words without the breaks of lines, and where each line begins in them.
        self.words, self.starts = "", []
        parts, at = [], 0
        for line in self.lines:
            self.starts.append(at)
            plain = " ".join(line.split())
            if plain:
                parts.append(plain)
                at += len(plain) + 1
        self.words = " ".join(parts)

    def place(self, phrase, after=0):
        """The line in which a phrase begins, at or after a line. The phrase may run over lines."""
        found = self.words.find(phrase, self.starts[after])
        if found < 0:
            raise SystemExit(f"the text has no `{phrase}` after line {after + 1}")
        low, high = after, len(self.starts) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.starts[middle] <= found else (low, middle - 1)
        return low

    def between(self, opening, closing):
        start = self.place(opening)
        return start, self.place(closing, start + 1)

    def running(self, start, end):
        """The words of some lines without what stands between pages."""
        return " ".join(" ".join(line for line in self.lines[start:end] if not BETWEEN_PAGES.search(line)).split())

    def table(self, opening, closing):
        """The codes of lines that hold nothing else."""
        start, end = self.between(opening, closing)
        found = []
        for line in self.lines[start:end]:
            tokens = line.replace(CONTINUED, " ").split()
            if tokens and all(CODE.fullmatch(token) for token in tokens):
                found += tokens
        return distinct(found)

    def prose(self, opening, closing):
        """Every code between two phrases that has a dot: enumerations in words."""
        start, end = self.between(opening, closing)
        text = self.running(start, end)
        return distinct(match.group() for match in IN_PROSE.finditer(text))

    def numbered(self, opening, closing):
        """Enumerations of the form "provided for in A, except for such goods provided for in B, C": what is listed, and the
        statistical numbers that are not."""
        start, end = self.between(opening, closing)
        text = self.running(start, end)
        listed, excepted = [], []
        for item in re.split(r"(?<=[;:.\]]) (?=\d{1,2}\. [A-Z])|(?<=and) (?=\d{1,2}\. [A-Z])", text):
            named, _, rest = item.partition("except for such") if "except for such" in item else item.partition("except for")
            if not re.match(r"\d{1,2}\. ", item):
                continue
            listed += [match.group() for match in IN_PROSE.finditer(named)]
            # A number that the compiler corrects is read as corrected.
            rest = re.sub(r"9403\.770\.4001 \[Compiler's note: so in original; likely should be (9403\.70\.4001)\]", r"\1", rest)
            excepted += [match.group() for match in IN_PROSE.finditer(rest)]
        return distinct(listed), distinct(excepted)

    def headed(self, opening, closing, heading):
        """Several lists in a row, each under a heading that `heading` matches. On a page of two columns a heading's line
        carries codes of the right column: those follow the left column's order of lists, and a new list begins where their
        order falls."""
        start, end = self.between(opening, closing)
        lists, pages = [], [[]]
        for line in self.lines[start:end]:
            if PAGE in line:
                pages.append([])
            pages[-1].append(line)
        for page in pages:
            two_columns = any(heading.search(line) and CODE.search(line.split(":")[-1]) for line in page)
            right = []
            first = len(lists)
            for line in page:
                found = heading.search(line)
                if found:
                    lists.append((found.group(1), []))
                tokens = re.sub(r"\[.*|.*\]", " ", heading.sub(" ", line).replace(CONTINUED, " "))
                places = [(match.start(), match.group()) for match in re.finditer(r"\S+", tokens)]
                if not places or not all(CODE.fullmatch(token) for _, token in places) or not lists:
                    continue
                if not two_columns:
                    lists[-1][1].extend(token for _, token in places)
                    continue
                for at, token in places:
                    if at < 45 and lists[first:]:
                        lists[-1][1].append(token)
                    else:
                        right.append(token)
            at, last = first, ""
            for token in right:
                if token < last and at + 1 < len(lists):
                    at, last = at + 1, ""
                last = max(last, token) if at + 1 < len(lists) else last
                lists[at][1].append(token)
        return {name: distinct(codes) for name, codes in lists}
