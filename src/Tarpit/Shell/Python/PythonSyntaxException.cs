namespace Blackwall.Tarpit.Shell.Python;

/// <summary>A program that the interpreter refuses to read.</summary>
internal sealed class PythonSyntaxException : Exception
{
    private const string TooDeep = "RecursionError";

    public PythonSyntaxException()
    {
    }

    public PythonSyntaxException(string message)
        : base(message)
    {
    }

    public PythonSyntaxException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public PythonSyntaxException(string message, Place place, string type = "SyntaxError")
        : base(message)
    {
        (Where, Type) = (place, type);
    }

    public Place Where { get; }

    /// <summary>"SyntaxError", "IndentationError", "TabError" or "RecursionError".</summary>
    public string Type { get; } = "SyntaxError";

    /// <summary>What the compiler says of an expression of too many levels.</summary>
    public static PythonSyntaxException Deep(Place place) => new("maximum recursion depth exceeded during compilation", place, TooDeep);

    /// <summary>As the interpreter writes it, with the line and a mark below it.</summary>
    public string Describe(string source, string file)
    {
        if (Type is TooDeep)
        {
            // The compiler says it, and knows no place.
            return $"{Type}: {Message}\n";
        }

        string line = source.Split('\n').ElementAtOrDefault(Where.Line - 1) ?? "";
        string shown = line.TrimStart(' ', '\t', '\f').TrimEnd();
        int cut = line.Length - line.TrimStart(' ', '\t', '\f').Length, at = Math.Clamp(Where.Start - cut, 0, shown.Length), width = Math.Clamp(Where.End - Where.Start, 1, Math.Max(1, shown.Length - at));
        string mark = Where.Start < 0 ? "" : $"    {new string(' ', at)}{new string('^', width)}\n";
        return $"  File \"{file}\", line {Where.Line.ToString(System.Globalization.CultureInfo.InvariantCulture)}\n    {shown}\n{mark}{Type}: {Message}\n";
    }
}
