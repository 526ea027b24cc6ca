"""Parses the PowerShell on standard input; prints what is wrong with it and ends with 1 if something is."""

import sys

import tree_sitter
import tree_sitter_powershell

language = tree_sitter.Language(tree_sitter_powershell.language())
tree = tree_sitter.Parser(language).parse(sys.stdin.buffer.read())


def faults(node):
    if node.is_error or node.is_missing:
        yield node
    for child in node.children:
        yield from faults(child)


wrong = list(faults(tree.root_node))
for node in wrong:
    print(f"line {node.start_point[0] + 1}: {node.type}: {node.text.decode()}")
sys.exit(1 if wrong else 0)
