namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>A part of a program in Perl or PHP.</summary>
internal abstract record ScriptNode(int Line);

internal sealed record Literal(object? Value, int Line) : ScriptNode(Line);

/// <summary>Texts and values side by side.</summary>
internal sealed record Joined(IReadOnlyList<ScriptNode> Parts, int Line) : ScriptNode(Line);

/// <param name="Name">With its sign: "$x", "@list", "%map".</param>
internal sealed record VariableUse(string Name, int Line) : ScriptNode(Line);

/// <param name="Key">Null: one behind the last.</param>
internal sealed record Element(ScriptNode Container, ScriptNode? Key, int Line) : ScriptNode(Line);

internal sealed record Items(IReadOnlyList<ScriptNode> Values, bool IsMap, bool IsReference, int Line) : ScriptNode(Line);

internal sealed record Operation(string Operator, ScriptNode Left, ScriptNode? Right, int Line) : ScriptNode(Line);

internal sealed record Conditional(ScriptNode Test, ScriptNode? Then, ScriptNode Else, int Line) : ScriptNode(Line);

internal sealed record Storing(string Operator, ScriptNode Target, ScriptNode Value, int Line) : ScriptNode(Line);

internal sealed record Calling(string Name, IReadOnlyList<ScriptNode> Arguments, int Line) : ScriptNode(Line);

internal sealed record MethodCalling(ScriptNode Target, string Name, IReadOnlyList<ScriptNode> Arguments, int Line) : ScriptNode(Line);

/// <param name="Replacement">Null: it is only looked for.</param>
internal sealed record Matching(ScriptNode? Subject, ScriptNode Pattern, ScriptNode? Replacement, string Flags, bool IsNegated, int Line) : ScriptNode(Line);

/// <summary>tr/a-z/A-Z/.</summary>
internal sealed record Transliterating(ScriptNode? Subject, string From, string To, string Flags, int Line) : ScriptNode(Line);

/// <summary>&lt;STDIN&gt;.</summary>
internal sealed record ReadingLine(string Handle, int Line) : ScriptNode(Line);

internal sealed record Block(IReadOnlyList<ScriptNode> Body, int Line) : ScriptNode(Line);

internal sealed record Branch(ScriptNode Test, ScriptNode Then, ScriptNode? Else, int Line) : ScriptNode(Line);

internal sealed record Looping(ScriptNode? First, ScriptNode Test, ScriptNode? Each, ScriptNode Body, int Line) : ScriptNode(Line);

internal sealed record GoingThrough(string? KeyName, string Name, ScriptNode Source, ScriptNode Body, int Line) : ScriptNode(Line);

internal sealed record Routine(string Name, IReadOnlyList<string> Parameters, ScriptNode Body, int Line) : ScriptNode(Line);

/// <param name="Kind">"return", "last" or "next".</param>
internal sealed record Jump(string Kind, ScriptNode? Value, int Line) : ScriptNode(Line);

/// <summary>What stands outside of &lt;?php.</summary>
internal sealed record PlainText(string Text, int Line) : ScriptNode(Line);
