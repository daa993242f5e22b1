namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>An expression of an awk program.</summary>
internal abstract record AwkExpression;

internal sealed record AwkNumber(double Value) : AwkExpression;

internal sealed record AwkText(string Value) : AwkExpression;

/// <summary>An expression between slashes: alone it is matched against the record.</summary>
internal sealed record AwkRegex(string Pattern) : AwkExpression;

internal sealed record AwkVariable(string Name) : AwkExpression;

internal sealed record AwkField(AwkExpression Index) : AwkExpression;

internal sealed record AwkElement(string Array, IReadOnlyList<AwkExpression> Index) : AwkExpression;

internal sealed record AwkIn(IReadOnlyList<AwkExpression> Index, string Array) : AwkExpression;

internal sealed record AwkUnary(string Operator, AwkExpression Operand) : AwkExpression;

internal sealed record AwkBinary(string Operator, AwkExpression Left, AwkExpression Right) : AwkExpression;

internal sealed record AwkConditional(AwkExpression Condition, AwkExpression Then, AwkExpression Else) : AwkExpression;

/// <param name="Target">A variable, an element or a field.</param>
/// <param name="Operator">"=", "+=" and so on.</param>
/// <param name="Value">What is assigned.</param>
internal sealed record AwkAssignment(AwkExpression Target, string Operator, AwkExpression Value) : AwkExpression;

/// <param name="Target">A variable, an element or a field.</param>
/// <param name="Step">1 or -1.</param>
/// <param name="IsPrefix">The value is that after the step.</param>
internal sealed record AwkStep(AwkExpression Target, int Step, bool IsPrefix) : AwkExpression;

internal sealed record AwkCall(string Function, IReadOnlyList<AwkExpression> Arguments, bool IsBuiltIn) : AwkExpression;

/// <param name="Target">Where the line goes; null: into the record.</param>
/// <param name="Command">What is run; null: nothing.</param>
/// <param name="File">What is read; null and no command: the input.</param>
internal sealed record AwkGetLine(AwkExpression? Target, AwkExpression? Command, AwkExpression? File) : AwkExpression;

/// <summary>Several expressions in parentheses: an index, or what is printed.</summary>
internal sealed record AwkGroup(IReadOnlyList<AwkExpression> Items) : AwkExpression;

/// <summary>A statement of an awk program.</summary>
internal abstract record AwkStatement;

internal sealed record AwkBlock(IReadOnlyList<AwkStatement> Statements) : AwkStatement;

internal sealed record AwkEvaluate(AwkExpression Expression) : AwkStatement;

/// <param name="Items">What is printed; empty: the record.</param>
/// <param name="IsFormatted">printf.</param>
/// <param name="Redirection">"&gt;", "&gt;&gt;" or "|"; null: none.</param>
/// <param name="To">File or command.</param>
internal sealed record AwkPrint(IReadOnlyList<AwkExpression> Items, bool IsFormatted, string? Redirection, AwkExpression? To) : AwkStatement;

internal sealed record AwkIf(AwkExpression Condition, AwkStatement Then, AwkStatement? Else) : AwkStatement;

/// <param name="Before">Of for; null: none.</param>
/// <param name="Condition">Null: always.</param>
/// <param name="After">Of for; null: none.</param>
/// <param name="Body">What is repeated.</param>
/// <param name="IsTestedLast">do ... while.</param>
internal sealed record AwkLoop(AwkStatement? Before, AwkExpression? Condition, AwkStatement? After, AwkStatement Body, bool IsTestedLast) : AwkStatement;

internal sealed record AwkForIn(string Variable, string Array, AwkStatement Body) : AwkStatement;

/// <param name="Word">break, continue, next, nextfile, exit or return.</param>
/// <param name="Value">Of exit and return; null: none.</param>
internal sealed record AwkJump(string Word, AwkExpression? Value) : AwkStatement;

/// <param name="Array">Its name.</param>
/// <param name="Index">Null: all of it.</param>
internal sealed record AwkDelete(string Array, IReadOnlyList<AwkExpression>? Index) : AwkStatement;

/// <param name="Name">Its name.</param>
/// <param name="Parameters">Names of its parameters.</param>
/// <param name="Arrays">Names that it uses as arrays.</param>
/// <param name="Body">What it does.</param>
internal sealed record AwkFunction(string Name, IReadOnlyList<string> Parameters, IReadOnlySet<string> Arrays, AwkStatement Body);

/// <param name="Pattern">Null: every record.</param>
/// <param name="Until">End of a range; null: no range.</param>
/// <param name="Body">Null: print the record.</param>
internal sealed record AwkRule(AwkExpression? Pattern, AwkExpression? Until, AwkStatement? Body);

internal sealed record AwkProgram(IReadOnlyList<AwkStatement> Begin, IReadOnlyList<AwkRule> Rules, IReadOnlyList<AwkStatement> End, IReadOnlyDictionary<string, AwkFunction> Functions);
