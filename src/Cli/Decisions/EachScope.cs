using System.Globalization;
using Blackwall.Cli.Connection;
using Blackwall.Client;

namespace Blackwall.Cli.Decisions;

/// <summary>Does the same for each of several things: what is refused is told, and the others are done.</summary>
internal static class EachScope
{
    /// <exception cref="CliException">The only one was refused, or some of several were.</exception>
    public static async Task DoAsync<T>(ApiCall call, IReadOnlyList<T> all, Func<T, Task> run)
    {
        int refused = 0;
        foreach (T one in all)
        {
            try
            {
                await run(one);
            }
            catch (CliException failure) when (failure.ExitCode == CliExit.Refused && all.Count > 1)
            {
                refused++;
                call.Shell.Error.WriteLine(PlainText.Clean(failure.Message));
            }
        }

        if (refused > 0)
        {
            throw new CliException(CliExit.Refused, string.Create(CultureInfo.InvariantCulture, $"{refused} of {all.Count} were refused; the others are done."));
        }
    }
}
