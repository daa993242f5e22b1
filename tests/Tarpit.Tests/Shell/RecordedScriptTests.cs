using System.Text;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>
/// Scripts of all kinds with what bash 5.2 of Debian 12 printed and how it ended (env -i PATH=... HOME=/root LC_ALL=C.UTF-8 bash --norc -c SCRIPT
/// in an empty /tmp/w, standard error left out). Blocks of the file: a script, "==== " and its exit code, its output; "----" between them.
/// </summary>
public sealed class RecordedScriptTests
{
    private static readonly ScriptRun s_shell = new();
    private static readonly string[] s_blocks = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Shell/Data/bash-5.2.txt"), Encoding.Latin1).Split("\n----\n");

    public static TheoryData<int> Numbers { get; } = [.. Enumerable.Range(0, s_blocks.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task It_prints_what_bash_printed_and_ends_as_it_ended(int number)
    {
        string block = s_blocks[number];
        int mark = block.LastIndexOf("\n==== ", StringComparison.Ordinal);
        int end = block.IndexOf('\n', mark + 6) is > 0 and var line ? line : block.Length;
        string script = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(block[..mark]));
        string expected = end < block.Length ? block[(end + 1)..] : "";
        (byte[] output, string errors, int exitCode) = await s_shell.RunAsync(script);
        string got = Encoding.Latin1.GetString(output);
        Assert.True(string.Equals(expected.TrimEnd('\n'), got.TrimEnd('\n'), StringComparison.Ordinal), $"{script}\n-- bash\n{expected}\n-- ours\n{got}\n{errors}");
        Assert.Equal(int.Parse(block.AsSpan((mark + 6)..end), System.Globalization.CultureInfo.InvariantCulture), exitCode);
    }
}
