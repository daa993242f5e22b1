namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>A piece of shell grammar.</summary>
internal abstract record Command
{
    /// <summary>Where it begins.</summary>
    public int Line { get; init; } = 1;
}

/// <summary>Words, with assignments before them and redirections among them.</summary>
internal sealed record SimpleCommand(IReadOnlyList<Assignment> Assignments, IReadOnlyList<Word> Words, IReadOnlyList<Redirection> Redirections) : Command;

/// <summary>name=value, name+=value, name[subscript]=value or name=(elements).</summary>
/// <param name="Elements">Null: it is no list.</param>
/// <param name="Source">The whole as a word, for commands that take it as one.</param>
internal sealed record Assignment(string Name, Word? Subscript, bool Appends, Word Value, IReadOnlyList<ArrayElement>? Elements, Word Source);

/// <summary>An element of a list: [key]=value, or a word that becomes any number of values.</summary>
internal sealed record ArrayElement(Word? Key, bool Appends, Word Value);

/// <param name="Stages">Commands whose output the next one reads.</param>
/// <param name="IsNegated">Begins with "!".</param>
/// <param name="IsTimed">Begins with "time".</param>
internal sealed record Pipeline(IReadOnlyList<Command> Stages, bool IsNegated, bool IsTimed) : Command
{
    /// <summary>Begins with "time -p".</summary>
    public bool IsPortable { get; init; }
}

/// <summary>left &amp;&amp; right, or left || right.</summary>
internal sealed record Conditional(Command Left, bool IsAnd, Command Right) : Command;

/// <summary>Commands one after the other; those with "&amp;" with their text as it was written.</summary>
internal sealed record Sequence(IReadOnlyList<(Command Command, string? Background)> Commands) : Command;

internal sealed record Choice(IReadOnlyList<(Command Condition, Command Body)> Branches, Command? Otherwise) : Command;

internal sealed record Loop(Command Condition, bool IsUntil, Command Body) : Command;

/// <summary>for and select.</summary>
internal sealed record Iteration(string Variable, IReadOnlyList<Word>? Words, Command Body, bool IsMenu) : Command;

/// <param name="Word">What is compared.</param>
/// <param name="Cases">Each with what ends it: ";;", ";&amp;" (the next body runs too) or ";;&amp;" (the next patterns are tried too).</param>
internal sealed record Selection(Word Word, IReadOnlyList<(IReadOnlyList<Word> Patterns, Command Body, string End)> Cases) : Command;

/// <summary>for (( before; condition; after )).</summary>
internal sealed record Counting(Word Before, Word Condition, Word After, Command Body) : Command;

/// <summary>{ body; } or ( body ).</summary>
internal sealed record Group(Command Body, bool IsSubshell) : Command;

/// <summary>A compound command with redirections behind it.</summary>
internal sealed record Redirected(Command Body, IReadOnlyList<Redirection> Redirections) : Command;

/// <param name="Source">The definition as it was written.</param>
internal sealed record Function(string Name, Command Body, string Source) : Command
{
    /// <summary>The file that it is from; "environment": none.</summary>
    public string File { get; init; } = "environment";
}

/// <summary>(( expression )).</summary>
internal sealed record Arithmetic(Word Expression, string Source) : Command;

/// <summary>[[ expression ]].</summary>
internal sealed record Test(TestExpression Expression) : Command;

/// <summary>coproc NAME command.</summary>
internal sealed record Coprocess(string Name, Command Body) : Command;

/// <summary>One redirection.</summary>
/// <param name="Descriptor">The number; -1: both 1 and 2.</param>
/// <param name="Variable">{name}: a number is chosen and kept in the variable; null: none.</param>
/// <param name="Operator">"&gt;", "&gt;&gt;", "&gt;|", "&lt;", "&lt;&gt;", "&gt;&amp;", "&lt;&amp;", "&lt;&lt;" or "&lt;&lt;&lt;".</param>
/// <param name="Target">A word; for "&lt;&lt;" the text itself.</param>
internal sealed record Redirection(int Descriptor, string? Variable, string Operator, Word Target)
{
    /// <summary>What ends a here-document, in quotes if nothing in it is expanded.</summary>
    public string Delimiter { get; init; } = "";
}
