namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>A function or a file that runs.</summary>
/// <param name="Name">Of the function; "source" for a file.</param>
/// <param name="Line">Where it was called.</param>
/// <param name="IsFile">A file that was sourced.</param>
/// <param name="Source">The file that its commands are from.</param>
internal sealed record CallFrame(string Name, int Line, bool IsFile, string Source)
{
    /// <summary>Those of its caller.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>"set" gave the shell other arguments while it ran.</summary>
    public bool SetsArguments { get; set; }
}
