namespace Blackwall.Tarpit.Shell;

/// <summary>A variable of the shell with its attributes (declare).</summary>
internal sealed class Variable
{
    // Of the object, its name and its place in a table.
    private const int Overhead = 160;

    /// <summary>Null: declared and not set, or an array.</summary>
    public string? Value { get; set; }

    public ShellArray? Array { get; set; }

    public bool IsExported { get; set; }

    /// <summary>It is an assignment before a command, and the command's own.</summary>
    public bool IsTemporary { get; set; }

    public bool IsReadOnly { get; set; }

    /// <summary>Of OPTIND: where getopts is within the word; 0: at its beginning.</summary>
    public int Place { get; set; }

    /// <summary>Values are computed when they are assigned.</summary>
    public bool IsInteger { get; set; }

    /// <summary>Its value is the name of another variable.</summary>
    public bool IsReference { get; set; }

    /// <summary>It was declared with -t, which changes nothing.</summary>
    public bool IsTraced { get; set; }

    /// <summary>'u': values become upper case, 'l': lower case, 'c': their first letter upper case, NUL: none of these.</summary>
    public char Case { get; set; }

    public bool IsSet => Value is not null || Array is { Count: > 0 };

    public long BytesHeld(HashSet<object> seen) => Overhead + SessionMemory.SizeOf(Value, seen) + (Array?.BytesHeld(seen) ?? 0);

    public Variable Copy() => new() { Value = Value, Array = Array?.Copy(), IsExported = IsExported, IsReadOnly = IsReadOnly, IsInteger = IsInteger, IsReference = IsReference, IsTraced = IsTraced, Case = Case, Place = Place };

    /// <summary>The letters of declare -p.</summary>
    public string Letters =>
        (Array is { IsAssociative: false } ? "a" : "") + (Array is { IsAssociative: true } ? "A" : "") + (IsInteger ? "i" : "") + (IsReference ? "n" : "") + (IsReadOnly ? "r" : "") + (IsTraced ? "t" : "") + (IsExported ? "x" : "") + (Case is '\0' ? "" : Case.ToString());
}
