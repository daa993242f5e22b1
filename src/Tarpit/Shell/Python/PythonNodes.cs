namespace Blackwall.Tarpit.Shell.Python;

/// <summary>A part of a program and where it stands, so that errors can point at it.</summary>
internal abstract record PythonNode(Place Place);

/// <param name="Line">Counted from 1.</param>
/// <param name="Start">Column, from 0.</param>
/// <param name="End">Column behind the last character; on another line it is not shown.</param>
internal readonly record struct Place(int Line, int Start, int End);

internal sealed record Constant(object? Value, Place Place) : PythonNode(Place);

/// <summary>f"...": texts and values.</summary>
internal sealed record Formatted(IReadOnlyList<PythonNode> Parts, Place Place) : PythonNode(Place);

/// <summary>{value!r:spec} of a formatted text.</summary>
internal sealed record FormattedValue(PythonNode Value, char Conversion, PythonNode? Specification, string Shown, Place Place) : PythonNode(Place);

internal sealed record NameUse(string Name, Place Place) : PythonNode(Place);

/// <summary>A list, tuple or set that is written out.</summary>
internal sealed record Sequence(char Kind, IReadOnlyList<PythonNode> Items, Place Place) : PythonNode(Place);

/// <summary>Keys are null where ** stands.</summary>
internal sealed record Mapping(IReadOnlyList<(PythonNode? Key, PythonNode Value)> Items, Place Place) : PythonNode(Place);

internal sealed record Unary(string Operator, PythonNode Value, Place Place) : PythonNode(Place);

/// <param name="Mark">Where the operator stands, for errors.</param>
internal sealed record Binary(string Operator, PythonNode Left, PythonNode Right, Place Mark, Place Place) : PythonNode(Place);

internal sealed record Logical(bool IsAnd, PythonNode Left, PythonNode Right, Place Place) : PythonNode(Place);

internal sealed record Comparison(PythonNode First, IReadOnlyList<(string Operator, PythonNode Value)> Rest, Place Place) : PythonNode(Place);

internal sealed record Choice(PythonNode Condition, PythonNode Then, PythonNode Else, Place Place) : PythonNode(Place);

/// <param name="Star">"", "*" or "**".</param>
internal sealed record Argument(string? Name, string Star, PythonNode Value);

internal sealed record Call(PythonNode Target, IReadOnlyList<Argument> Arguments, Place Place) : PythonNode(Place);

internal sealed record Member(PythonNode Target, string Name, Place Place) : PythonNode(Place);

internal sealed record Subscript(PythonNode Target, PythonNode Index, Place Place) : PythonNode(Place);

internal sealed record SliceOf(PythonNode? From, PythonNode? To, PythonNode? Step, Place Place) : PythonNode(Place);

internal sealed record Parameter(string Name, string Star, PythonNode? Default);

internal sealed record Lambda(IReadOnlyList<Parameter> Parameters, PythonNode Body, Place Place) : PythonNode(Place);

/// <param name="Kind">'[', '{', ':' (a dictionary) or '(' (a generator).</param>
internal sealed record Comprehension(char Kind, PythonNode Element, PythonNode? Value, IReadOnlyList<ComprehensionPart> Parts, Place Place) : PythonNode(Place);

/// <param name="Target">Null: a condition.</param>
internal sealed record ComprehensionPart(PythonNode? Target, PythonNode Source);

internal sealed record Starred(PythonNode Value, Place Place) : PythonNode(Place);

internal sealed record NamedValue(string Name, PythonNode Value, Place Place) : PythonNode(Place);

internal sealed record YieldValue(PythonNode? Value, bool IsFrom, Place Place) : PythonNode(Place);

internal sealed record ExpressionStatement(PythonNode Value, Place Place) : PythonNode(Place);

internal sealed record Assignment(IReadOnlyList<PythonNode> Targets, PythonNode Value, Place Place) : PythonNode(Place);

internal sealed record Augmentation(PythonNode Target, Binary Value, Place Place) : PythonNode(Place);

internal sealed record Return(PythonNode? Value, Place Place) : PythonNode(Place);

internal sealed record Deletion(IReadOnlyList<PythonNode> Targets, Place Place) : PythonNode(Place);

internal sealed record Condition(PythonNode Test, IReadOnlyList<PythonNode> Then, IReadOnlyList<PythonNode> Else, Place Place) : PythonNode(Place);

internal sealed record WhileLoop(PythonNode Test, IReadOnlyList<PythonNode> Body, IReadOnlyList<PythonNode> Else, Place Place) : PythonNode(Place);

internal sealed record ForLoop(PythonNode Target, PythonNode Source, IReadOnlyList<PythonNode> Body, IReadOnlyList<PythonNode> Else, Place Place) : PythonNode(Place);

internal sealed record Handler(PythonNode? Type, string? Name, IReadOnlyList<PythonNode> Body);

internal sealed record TryBlock(IReadOnlyList<PythonNode> Body, IReadOnlyList<Handler> Handlers, IReadOnlyList<PythonNode> Else, IReadOnlyList<PythonNode> Finally, Place Place) : PythonNode(Place);

internal sealed record WithBlock(IReadOnlyList<(PythonNode Value, PythonNode? Target)> Items, IReadOnlyList<PythonNode> Body, Place Place) : PythonNode(Place);

internal sealed record FunctionDefinition(string Name, IReadOnlyList<Parameter> Parameters, IReadOnlyList<PythonNode> Body, IReadOnlyList<PythonNode> Decorators, bool IsGenerator, Place Place) : PythonNode(Place);

internal sealed record ClassDefinition(string Name, IReadOnlyList<Argument> Bases, IReadOnlyList<PythonNode> Body, IReadOnlyList<PythonNode> Decorators, Place Place) : PythonNode(Place);

/// <param name="From">Null: plain import.</param>
internal sealed record Import(string? From, IReadOnlyList<(string Name, string? As)> Names, Place Place) : PythonNode(Place);

internal sealed record Raising(PythonNode? Value, PythonNode? Cause, Place Place) : PythonNode(Place);

internal sealed record Assertion(PythonNode Test, PythonNode? Message, Place Place) : PythonNode(Place);

internal sealed record OuterNames(bool IsGlobal, IReadOnlyList<string> Names, Place Place) : PythonNode(Place);

/// <param name="Kind">"pass", "break" or "continue".</param>
internal sealed record Simple(string Kind, Place Place) : PythonNode(Place);
