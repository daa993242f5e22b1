using System.Text;

namespace Blackwall.Fuzz.Bash;

/// <summary>Runs generated scripts in the tarpit's shell and in the bash of this machine, and tells where output or exit code differ.</summary>
internal static class BashComparison
{
    private const int MostShown = 5000;

    /// <returns>0: at least 99.5 % are the same.</returns>
    public static Task<int> RunAsync(int count, int seed)
    {
        ScriptMaker maker = new(seed);
        return RunAsync(Enumerable.Range(0, count).Select(_ => maker.Next()), $"seed {seed}");
    }

    /// <summary>The scripts of a file, each ended by a line "----".</summary>
    public static async Task<int> RunFileAsync(string path) =>
        await RunAsync((await File.ReadAllTextAsync(path)).Split("\n----\n", StringSplitOptions.RemoveEmptyEntries), path);

    /// <summary>Prints what the tarpit's shell prints for the scripts of a file.</summary>
    public static async Task<int> ShowAsync(string path)
    {
        OurBash ours = new();
        foreach (string script in (await File.ReadAllTextAsync(path)).Split("\n----\n", StringSplitOptions.RemoveEmptyEntries))
        {
            (byte[] Output, int ExitCode, string Errors)? got = await ours.RunAsync(script);
            Console.WriteLine($"{Text(got?.Output ?? [])}{got?.Errors}-- {got?.ExitCode}");
        }

        return 0;
    }

    private static async Task<int> RunAsync(IEnumerable<string> scripts, string from)
    {
        using RealBash real = new();
        OurBash ours = new();
        int count = 0, same = 0, hung = 0, shown = 0, number = 0;
        foreach (string script in scripts)
        {
            number++;
            (byte[] Output, int ExitCode)? wanted = real.Run(script);
            if (wanted is null)
            {
                // No fault of ours: the generator made something without an end.
                continue;
            }

            count++;
            (byte[] Output, int ExitCode, string Errors)? got = await ours.RunAsync(script);
            if (got is { } found && found.ExitCode == wanted.Value.ExitCode && found.Output.AsSpan().SequenceEqual(wanted.Value.Output))
            {
                same++;
                continue;
            }

            hung += got is null ? 1 : 0;
            if (shown++ < MostShown)
            {
                Console.WriteLine($"---- script {number - 1} of {from}\n{script}\n-- bash ({wanted.Value.ExitCode})\n{Text(wanted.Value.Output)}\n-- ours ({got?.ExitCode})\n{Text(got?.Output ?? [])}{got?.Errors}");
            }
        }

        Console.WriteLine($"{same} of {count} scripts of {from} the same ({100.0 * same / Math.Max(1, count):0.00} %), {hung} without an end");
        return same >= count * 0.995 ? 0 : 1;
    }

    private static string Text(byte[] output) => Encoding.UTF8.GetString(output.Length > 6000 ? output[..6000] : output);
}
