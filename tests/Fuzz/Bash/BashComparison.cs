using System.Text;

namespace Blackwall.Fuzz.Bash;

/// <summary>Runs generated scripts in the tarpit's shell and in the bash of this machine, and tells where output or exit code differ.</summary>
internal static class BashComparison
{
    private const int MostShown = 60;

    /// <returns>0: at least 99.5 % are the same.</returns>
    public static async Task<int> RunAsync(int count, int seed)
    {
        using RealBash real = new();
        OurBash ours = new();
        ScriptMaker maker = new(seed);
        int same = 0, hung = 0, shown = 0;
        for (int i = 0; i < count; i++)
        {
            string script = maker.Next();
            (byte[] Output, int ExitCode)? wanted = real.Run(script);
            (byte[] Output, int ExitCode, string Errors)? got = await ours.RunAsync(script);
            if (wanted is null)
            {
                // No fault of ours: the generator made something without an end.
                count--;
                continue;
            }

            if (got is { } found && found.ExitCode == wanted.Value.ExitCode && found.Output.AsSpan().SequenceEqual(wanted.Value.Output))
            {
                same++;
                continue;
            }

            hung += got is null ? 1 : 0;
            if (shown++ < MostShown)
            {
                Console.WriteLine($"---- script {i} of seed {seed}\n{script}\n-- bash ({wanted.Value.ExitCode})\n{Text(wanted.Value.Output)}\n-- ours ({got?.ExitCode})\n{Text(got?.Output ?? [])}{got?.Errors}");
            }
        }

        Console.WriteLine($"{same} of {count} scripts of seed {seed} the same ({100.0 * same / count:0.00} %), {hung} without an end");
        return same >= count * 0.995 ? 0 : 1;
    }

    private static string Text(byte[] output) => Encoding.UTF8.GetString(output.Length > 600 ? output[..600] : output);
}
