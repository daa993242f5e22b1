using System.Globalization;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands that show files.</summary>
internal static class TextCommands
{
    private static readonly string[] s_operands = ["if", "of", "bs", "ibs", "obs", "cbs", "count", "skip", "seek", "iseek", "oseek", "conv", "iflag", "oflag", "status"];

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["dd"] = CopyBlocksAsync,
    };

    /// <summary>Lines without their ends; what has no end at the end is a line too.</summary>
    public static string[] Lines(string text) => text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');

    private static async ValueTask<int> CopyBlocksAsync(Invocation i)
    {
        const int most = 16 << 20;
        foreach (string operand in i.Arguments)
        {
            string[] parts = operand.Split('=', 2);
            if (parts.Length < 2 || Array.IndexOf(s_operands, parts[0]) < 0)
            {
                return await i.FailAsync($"unrecognized operand ‘{operand}’\nTry 'dd --help' for more information.");
            }

            if (parts[0] is "bs" or "ibs" or "obs" or "count" or "skip" or "seek" && !(parts[1].Length > 0 && char.IsAsciiDigit(parts[1][0])))
            {
                return await i.FailAsync($"invalid number: ‘{parts[1]}’");
            }
        }

        Dictionary<string, string> options = i.Arguments.Select(a => a.Split('=', 2)).Where(p => p.Length == 2).GroupBy(p => p[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last()[1], StringComparer.Ordinal);
        long block = Size(options.GetValueOrDefault("bs") ?? options.GetValueOrDefault("ibs"), 512), count = Size(options.GetValueOrDefault("count"), long.MaxValue), skip = Size(options.GetValueOrDefault("skip"), 0);
        byte[] content;
        string[] flags = options.GetValueOrDefault("iflag", "").Split(',');
        long unit = flags.Contains("count_bytes", StringComparer.Ordinal) ? 1 : block;
        long wanted = count > most / Math.Max(1, unit) ? most : count * unit;
        if (options.GetValueOrDefault("if") is not { } source)
        {
            long before = flags.Contains("skip_bytes", StringComparer.Ordinal) ? skip : skip * block;
            content = await i.Streams.Input.ReadExactlyAsync((int)Math.Min(wanted + before, 8 << 20), i.Cancellation);
        }
        else if (i.Read(source, out content) is not FileError.None and var error)
        {
            return await i.FailAsync($"failed to open '{source}': {error.Text()}");
        }
        else if (source is "/dev/zero" or "/dev/urandom" or "/dev/random")
        {
            content = source is "/dev/zero" ? new byte[wanted] : System.Security.Cryptography.RandomNumberGenerator.GetBytes((int)wanted);
        }

        content = [.. content.Skip((int)Math.Min(flags.Contains("skip_bytes", StringComparer.Ordinal) ? skip : skip * block, content.Length)).Take((int)Math.Min(wanted, int.MaxValue))];
        if (options.GetValueOrDefault("of") is { } target && target is not "/dev/null")
        {
            FileError failed = i.Files.Write(i.State.Path(target), content, i.State.Visit.UserId, i.State.Visit.UserId);
            if (failed != FileError.None)
            {
                return await i.FailAsync($"failed to open '{target}': {failed.Text()}");
            }
        }
        else if (!options.ContainsKey("of"))
        {
            await i.Streams.Output.WriteAsync(content, i.Cancellation);
        }

        long full = content.Length / block, partial = content.Length % block == 0 ? 0 : 1;
        double seconds = 0.000_05 + (content.Length / 1.1e9);
        string human = content.Length < 1000 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({content.Length / 1000.0:0.0} kB, {Entries.Sizes.Human(content.Length)}iB)");
        await i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{full}+{partial} records in\n{full}+{partial} records out\n{content.Length} bytes{human} copied, {seconds:0.#######} s, {content.Length / seconds / 1e6:0.0} MB/s\n"), i.Cancellation);
        return 0;
    }

    private static long Size(string? text, long otherwise)
    {
        if (text is null)
        {
            return otherwise;
        }

        long unit = text.Length == 0 ? 1 : char.ToUpperInvariant(text[^1]) switch { 'K' => 1024, 'M' => 1 << 20, 'G' => 1 << 30, _ => 1 };
        return long.TryParse(text.TrimEnd('k', 'K', 'M', 'G'), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? Math.Clamp(number, 0, 1L << 30) * unit : otherwise;
    }
}
