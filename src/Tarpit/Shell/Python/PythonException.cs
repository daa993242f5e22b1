namespace Blackwall.Tarpit.Shell.Python;

/// <summary>An exception of a program that runs.</summary>
internal sealed class PythonException : Exception
{
    public PythonException()
    {
    }

    public PythonException(string message)
        : base(message)
    {
    }

    public PythonException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public PythonException(PythonObject value)
        : base(value.Type.Name) => Value = value;

    // What the runtime adds to an exception at each level makes a deep one slow: it goes on as another object.
    private PythonException(PythonException other)
        : base(other.Message) => (Value, Trace, Before, IsCaused, Library) = (other.Value, other.Trace, other.Before, other.IsCaused, other.Library);

    /// <summary>The same exception, one level further out.</summary>
    public PythonException Again() => new(this);

    public PythonObject Value { get; } = new(PythonErrors.Get("Exception"));

    /// <summary>Where it passed, the innermost first.</summary>
    public List<TraceLine> Trace { get; } = [];

    /// <summary>What was handled when it came; null: nothing.</summary>
    public PythonException? Before { get; set; }

    /// <summary>It was raised "from" the other.</summary>
    public bool IsCaused { get; set; }

    /// <summary>Lines of the library below the call, as they are shown.</summary>
    public string Library { get; set; } = "";
}

/// <summary>A function that an exception passed.</summary>
internal sealed record TraceLine(string File, string Function, PythonNode? Node, string? Source);
