namespace Blackwall.Tarpit.Shell.Awk;

internal enum AwkTokenKind
{
    End,
    NewLine,
    Number,
    Text,
    Regex,
    Name,

    /// <summary>A name right before "(": a call of a function of the program.</summary>
    CalledName,
    BuiltIn,
    Word,
    Operator,
}

/// <summary>One word of an awk program.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The word itself; of a text or an expression what is between its delimiters, decoded.</param>
/// <param name="Line">From 1.</param>
internal readonly record struct AwkToken(AwkTokenKind Kind, string Text, int Line)
{
    public bool Is(string text) => Kind is AwkTokenKind.Operator or AwkTokenKind.Word && string.Equals(Text, text, StringComparison.Ordinal);
}
