namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>A piece of shell grammar.</summary>
internal abstract record Command;

/// <summary>Words, with assignments before them and redirections among them. Words keep their quotes until they are expanded.</summary>
internal sealed record SimpleCommand(IReadOnlyList<string> Assignments, IReadOnlyList<string> Words, IReadOnlyList<Redirection> Redirections) : Command;

internal sealed record Pipeline(IReadOnlyList<Command> Stages, bool IsNegated) : Command;

/// <summary>left &amp;&amp; right, or left || right.</summary>
internal sealed record Conditional(Command Left, bool IsAnd, Command Right) : Command;

internal sealed record Sequence(IReadOnlyList<(Command Command, bool InBackground)> Commands) : Command;

internal sealed record Choice(IReadOnlyList<(Command Condition, Command Body)> Branches, Command? Otherwise) : Command;

internal sealed record Loop(Command Condition, bool IsUntil, Command Body) : Command;

internal sealed record Iteration(string Variable, IReadOnlyList<string>? Words, Command Body) : Command;

/// <param name="Word">What is compared.</param>
/// <param name="Cases">Each with what ends it: ";;", ";&amp;" (the next body runs too) or ";;&amp;" (the next patterns are tried too).</param>
internal sealed record Selection(string Word, IReadOnlyList<(IReadOnlyList<string> Patterns, Command Body, string End)> Cases) : Command;

/// <summary>for (( before; condition; after )).</summary>
internal sealed record Counting(string Before, string Condition, string After, Command Body) : Command;

/// <summary>{ body; } or ( body ).</summary>
internal sealed record Group(Command Body, bool IsSubshell) : Command;

/// <summary>A compound command with redirections behind it.</summary>
internal sealed record Redirected(Command Body, IReadOnlyList<Redirection> Redirections) : Command;

internal sealed record Function(string Name, Command Body) : Command;

/// <summary>(( expression )).</summary>
internal sealed record Arithmetic(string Expression) : Command;

/// <summary>[[ expression ]], word by word.</summary>
internal sealed record Test(IReadOnlyList<string> Words) : Command;

/// <summary>One redirection.</summary>
/// <param name="Descriptor">0, 1, 2; -1: both 1 and 2.</param>
/// <param name="Operator">"&gt;", "&gt;&gt;", "&lt;", "&gt;&amp;", "&lt;&lt;" or "&lt;&lt;&lt;".</param>
/// <param name="Target">A word; for "&lt;&lt;" the text itself.</param>
/// <param name="IsLiteral">The text of a here-document is taken as it is.</param>
internal sealed record Redirection(int Descriptor, string Operator, string Target, bool IsLiteral = false);
