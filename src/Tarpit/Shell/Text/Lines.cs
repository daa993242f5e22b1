using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>Lines of texts, and what text tools have in common.</summary>
internal static class Lines
{
    private const int Most = 400_000;
    private const int Longest = 5 << 20;

    /// <summary>The lines of a text without their ends.</summary>
    public static string[] Of(string text, char end = '\n')
    {
        string[] lines = Split(text, end);
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    /// <summary>The parts of a text, and what is behind the last end.</summary>
    /// <exception cref="MemoryExhaustedException">It is longer, or there are more, than a program may have.</exception>
    public static string[] Split(string text, char end) => text.Length <= Longest && text.AsSpan().Count(end) <= Most ? text.Split(end) : throw new MemoryExhaustedException();

    public static string Join(IEnumerable<string> lines, char end = '\n')
    {
        StringBuilder text = new();
        foreach (string line in lines)
        {
            text.Append(line).Append(end);
        }

        return text.ToString();
    }

    /// <summary>Tells of an option that the program does not have.</summary>
    public static async ValueTask<int> InvalidOptionAsync(Invocation i, string error, int status = 1)
    {
        string name = i.Name.Split('/')[^1];
        await i.Streams.Error.WriteAsync($"{name}: {OptionParsing.Describe(error)}\nTry '{name} --help' for more information.\n", i.Cancellation);
        return status;
    }

    /// <summary>The text of one file, or of the input for "-"; null: it cannot be read, which was told.</summary>
    public static async ValueTask<string?> ReadAsync(Invocation i, string name)
    {
        await i.State.Budget.GiveWayAsync(i.Cancellation);
        if (i.Opened(name) is { } input)
        {
            byte[] read = await input.ReadAllAsync(i.Cancellation);
            i.Hold(read.Length * sizeof(char));
            return Encoding.Latin1.GetString(read);
        }

        FileError error = i.Read(name, out byte[] content);
        if (error == FileError.None)
        {
            i.Hold(content.Length * sizeof(char));
            return Encoding.Latin1.GetString(content);
        }

        await i.FailAsync($"{Quoting.OfFile(name)}: {error.Text()}");
        return null;
    }
}
