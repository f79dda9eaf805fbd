"""Every way to take one check out of the code that decides who may do what.

A mutant is one file with one filter, one condition, one door or one guard removed. It is found in the
syntax tree and made in the text, so that everything else of the file stays as it is.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Rules and QuerySets: conditions. Views and their helpers: doors. Services and forms: guards.
RULES = (
    "apps/*/permissions.py",
    # Who belongs to whom, and until when.
    "apps/accounts/models/students.py",
    "apps/accounts/models/grants.py",
    "apps/accounts/models/invitations.py",
    "apps/accounts/models/links.py",
    "apps/private_teaching/models/*.py",
)
DOORS = ("apps/*/views.py", "apps/*/views/*.py", "apps/*/queries.py", "apps/*/queries/*.py")
GUARDS = ("apps/*/services.py", "apps/*/services/*.py")
# A QuerySet's methods that narrow by a condition with a name.
NARROWING = {"filter", "exclude", "current", "live", "pending", "by", "by_code", "own", "guarded_by"}
OPEN_DOOR = "__import__('django.shortcuts').shortcuts.get_object_or_404"
DECORATORS = ("login_required", "require_POST", "require_safe", "staff_only", "post_only")


@dataclass(frozen=True)
class Mutant:
    """``before`` at this place of the file becomes ``after``; what was removed is ``kind``."""

    path: str
    line: int
    kind: str
    before: str
    after: str
    start: int
    end: int
    # The lines of the function that it stands in; of the whole file where it stands in none.
    within: range

    @property
    def name(self) -> str:
        """Stable while the line's own text is: no line numbers."""
        return f"{self.path}: {self.kind}: {_one_line(self.before)} -> {_one_line(self.after)}"

    def applied(self, source: str) -> str:
        return source[: self.start] + self.after + source[self.end :]


def all_mutants() -> list[Mutant]:
    """In the order of their files, each text once."""
    found: dict[str, Mutant] = {}
    for patterns, finder in ((RULES, rule_mutants), (DOORS, door_mutants), (GUARDS, guard_mutants)):
        for pattern in patterns:
            for path in sorted(ROOT.glob(pattern)):
                source = path.read_text()
                for mutant in finder(str(path.relative_to(ROOT)), source):
                    found[f"{mutant.name} @{mutant.start}"] = mutant
    return list(found.values())


def rule_mutants(path: str, source: str) -> Iterator[Mutant]:
    """One condition less: of a Q, of a chain of filters, of ``&``, ``|`` and ``~``, of a union."""
    text = _Text(path, source)
    joined = set()
    for node in _conditions(text.tree, path):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
            if isinstance(node.right, ast.Constant):
                continue  # a type: ``date | None``
            kind = "and" if isinstance(node.op, ast.BitAnd) else "or"
            yield text.replaced(node, node.left, kind)
            yield text.replaced(node, node.right, kind)
            # One side alone is the same as the other side empty.
            joined |= {node.left, node.right}
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
            yield text.replaced(node, node.operand, "not")
        elif isinstance(node, ast.Call):
            yield from _less_in_call(text, node, may_be_empty=node not in joined)


def _conditions(tree: ast.Module, path: str) -> Iterator[ast.AST]:
    """All of a module of rules; of a module of models what its QuerySets do."""
    if path.endswith("permissions.py"):
        yield from ast.walk(tree)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name.endswith("QuerySet"):
            yield from ast.walk(node)


def door_mutants(path: str, source: str) -> Iterator[Mutant]:
    """A view without its door, its filter or its decorator."""
    text = _Text(path, source)
    for node in ast.walk(text.tree):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if text.of(decorator).startswith(DECORATORS):
                    yield text.without_decorator(decorator)
        elif isinstance(node, ast.Call) and _called(node) == "get_allowed_or_404":
            # No rule is asked: whatever exists is found.
            asked = ", ".join(text.of(part) for part in (node.args[0], *node.keywords))
            yield text.written(node, f"{OPEN_DOOR}({asked})", "door")
        elif isinstance(node, ast.Call) and _called(node) in doors():
            reader, pk = (text.of(part) for part in node.args[:2])
            asked = f"{text.of(node.func)}.rows({reader}), pk={pk}"
            yield text.written(node, f"{OPEN_DOOR}({asked})", "door")
        elif isinstance(node, ast.Call) and _called(node) == "allowed":
            yield text.replaced(node, node.args[0], "door")
    yield from _raising_guards(text)


@cache
def doors() -> frozenset[str]:
    """The names of all ``Door`` objects."""
    sources = (path.read_text() for path in ROOT.glob("apps/**/*.py"))
    return frozenset(
        name for source in sources for name in re.findall(r"^(\w+) = Door\(", source, re.MULTILINE)
    )


def guard_mutants(path: str, source: str) -> Iterator[Mutant]:
    """A service that no longer refuses."""
    yield from _raising_guards(_Text(path, source))


def _raising_guards(text: "_Text") -> Iterator[Mutant]:
    for node in ast.walk(text.tree):
        if isinstance(node, ast.If) and len(node.body) == 1 and isinstance(node.body[0], ast.Raise):
            yield text.written(node.test, "False", "guard")


def _less_in_call(text: "_Text", node: ast.Call, *, may_be_empty: bool) -> Iterator[Mutant]:
    name = _called(node)
    if name == "Q" or name in ("filter", "exclude"):
        parts = [*node.args, *node.keywords]
        if len(parts) > 1:
            for part in parts:
                yield text.without(node, part, "condition")
        elif name == "Q" and parts and may_be_empty:
            yield text.written(node, "Q()", "condition")
    if name == "union":
        for part in node.args:
            yield text.without(node, part, "arm") if len(node.args) > 1 else text.receiver(node, "arm")
    elif name in NARROWING and isinstance(node.func, ast.Attribute) and _is_a_query(node.func.value):
        yield text.receiver(node, "filter")


def _is_a_query(node: ast.expr) -> bool:
    """``Model.objects``, ``self`` of a QuerySet, or what one of its methods gave back."""
    if isinstance(node, ast.Call) or (isinstance(node, ast.Name) and node.id == "self"):
        return True
    return isinstance(node, ast.Attribute) and node.attr == "objects"


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _one_line(text: str) -> str:
    return " ".join(text.split()) or "nothing"


class _Text:
    """A file as tree and text; positions of the tree count bytes of a line, so both are kept in step."""

    def __init__(self, path: str, source: str) -> None:
        self.path, self.source, self.tree = path, source, ast.parse(source)
        self._lines = source.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        self._functions = [
            range(min([node.lineno, *(each.lineno for each in node.decorator_list)]), node.end_lineno + 1)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef) and node.end_lineno
        ]

    def _mutant(self, line: int, kind: str, after: str, start: int, end: int) -> Mutant:
        around = [lines for lines in self._functions if line in lines] or [range(1, len(self._lines) + 1)]
        before = self.source[start:end]
        return Mutant(self.path, line, kind, before, after, start, end, min(around, key=len))

    def _at(self, line: int, byte: int) -> int:
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:byte].decode())

    def span(self, node: ast.AST) -> tuple[int, int]:
        assert isinstance(node, ast.expr | ast.keyword)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._at(node.lineno, node.col_offset), self._at(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.source[start:end]

    def written(self, node: ast.expr, after: str, kind: str) -> Mutant:
        start, end = self.span(node)
        return self._mutant(node.lineno, kind, after, start, end)

    def replaced(self, node: ast.expr, part: ast.expr, kind: str) -> Mutant:
        return self.written(node, f"({self.of(part)})", kind)

    def receiver(self, node: ast.Call, kind: str) -> Mutant:
        """The chain without its last link."""
        assert isinstance(node.func, ast.Attribute)
        receiver = self.of(node.func.value)
        is_bare = receiver == "self" or receiver.endswith("objects")
        return self.written(node, f"{receiver}.all()" if is_bare else receiver, kind)

    def without(self, node: ast.Call, part: ast.AST, kind: str) -> Mutant:
        """The call without one of its arguments."""
        rest = [self.of(other) for other in [*node.args, *node.keywords] if other is not part]
        return self.written(node, f"{self.of(node.func)}({', '.join(rest)})", kind)

    def without_decorator(self, decorator: ast.expr) -> Mutant:
        start, end = self.span(decorator)
        at = self.source.rindex("@", 0, start)
        return self._mutant(decorator.lineno, "decorator", "", at, end)
