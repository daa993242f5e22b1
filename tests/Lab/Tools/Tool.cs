namespace Blackwall.Lab.Tools;

/// <summary>Runs commands to their end.</summary>
public static class Tool
{
    private static readonly TimeSpan s_usualLimit = TimeSpan.FromSeconds(20);

    /// <summary>Runs a command; any exit code is an answer.</summary>
    public static async Task<ToolResult> TryAsync(IReadOnlyList<string> command, TimeSpan? limit = null, string? folder = null, CancellationToken cancellation = default)
    {
        await using var tool = RunningTool.Start(command, folder);
        return await tool.WaitAsync(limit ?? s_usualLimit, cancellation);
    }

    /// <summary>Runs a command that must succeed.</summary>
    /// <exception cref="ToolFailedException">Its exit code was not 0, or it took too long.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> command, CancellationToken cancellation = default)
    {
        var result = await TryAsync(command, limit: null, folder: null, cancellation);
        return result.Succeeded
            ? result.Output
            : throw new ToolFailedException($"'{string.Join(' ', command)}' {(result.TimedOut ? "took too long" : $"ended with {result.ExitCode}")}: {result.Errors.Trim()}");
    }

    /// <summary>Asks until the answer is yes.</summary>
    /// <returns>False when the time is over.</returns>
    public static async Task<bool> UntilAsync(Func<Task<bool>> condition, TimeSpan limit, CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > limit)
            {
                return false;
            }

            await PauseAsync(TimeSpan.FromMilliseconds(50), cancellation);
        }

        return true;
    }

    public static Task PauseAsync(TimeSpan time, CancellationToken cancellation) => Task.Delay(time, TimeProvider.System, cancellation);
}
