"""Finds programs in the PowerShell on standard input whose exit code nobody looks at; prints each call and ends with 1 if there is one."""

import re
import sys

import tree_sitter
import tree_sitter_powershell

language = tree_sitter.Language(tree_sitter_powershell.language())
script = sys.stdin.buffer.read()
tree = tree_sitter.Parser(language).parse(script)
blocks = {f"${name.decode()}" for name in re.findall(rb"\[scriptblock\]\$(\w+)", script)}


def commands(node):
    if node.type == "command":
        yield node
    for child in node.named_children:
        yield from commands(child)


def is_program(command):
    """Functions and cmdlets are called by a bare name; what is called in another way may be a program."""
    first = command.named_children[0]
    if first.type == "command_invokation_operator":
        called = command.text.decode().lstrip("& ")
        return not called.startswith("{") and called.split()[0] not in blocks
    return not re.fullmatch(r"\w+(-\w+)?", first.text.decode())


def is_looked_at(command):
    """Whether the next statement has its exit code."""
    statement = command
    while statement.parent.type != "statement_list":
        statement = statement.parent
    following = statement.next_named_sibling
    while following and following.type == "comment":
        following = following.next_named_sibling
    return following is not None and b"$LASTEXITCODE" in following.text


unchecked = [it for it in commands(tree.root_node) if is_program(it) and not is_looked_at(it)]
for command in unchecked:
    print(f"line {command.start_point[0] + 1}: {command.text.decode()}")
sys.exit(1 if unchecked else 0)
