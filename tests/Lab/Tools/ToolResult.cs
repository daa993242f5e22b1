namespace Blackwall.Lab.Tools;

/// <summary>How a command ended. Output and errors are cut to their last megabyte each.</summary>
/// <param name="ExitCode">128 + signal when a signal ended it.</param>
/// <param name="TimedOut">It was killed because its time was over.</param>
public sealed record ToolResult(int ExitCode, string Output, string Errors, bool TimedOut)
{
    public bool Succeeded => ExitCode == 0 && !TimedOut;
}
