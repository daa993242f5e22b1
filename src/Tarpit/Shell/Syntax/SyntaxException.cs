namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>The text is no shell grammar.</summary>
internal sealed class SyntaxException : Exception
{
    public SyntaxException(string message, int line, bool isIncomplete = false, bool showsLine = false, bool isConditional = false)
        : base(message) => (Line, IsIncomplete, ShowsLine, IsConditional) = (line, isIncomplete, showsLine, isConditional);

    public SyntaxException()
    {
    }

    public SyntaxException(string message)
        : base(message)
    {
    }

    public SyntaxException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public int Line { get; } = 1;

    /// <summary>More input could complete it: the prompt PS2.</summary>
    public bool IsIncomplete { get; }

    /// <summary>It is within [[ ]]: the shell ends with the status that it had.</summary>
    public bool IsConditional { get; }

    /// <summary>bash shows the line after the message.</summary>
    public bool ShowsLine { get; }

    /// <summary>As bash tells it.</summary>
    /// <param name="source">What the text is: "-c", "eval"; null: a file, or what was typed.</param>
    public string Describe(ShellState state, Parser parser, string? source)
    {
        if (state.IsDash)
        {
            return Commands.DashDialect.Describe(this, state.Name);
        }

        string name = state.SourceName + (source is null ? "" : ": " + source);
        string where = state.IsInteractive && source is null ? state.Name + ": " : FormattableString.Invariant($"{name}: line {Line}: ");
        return $"{where}{Message}\n{(ShowsLine ? $"{where}`{parser.LineText(Line)}'\n" : "")}";
    }
}
