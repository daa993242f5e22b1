namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Asks for a password: at a terminal nothing of it is shown.</summary>
internal static class SecretPrompt
{
    private const int Longest = 1024;

    /// <summary>Null: the input ended.</summary>
    public static async ValueTask<string?> ReadAsync(Invocation i, string prompt)
    {
        await i.Streams.Error.WriteAsync(prompt, i.Cancellation);
        using IDisposable? silence = i.State.Io is Keyboard keyboard ? keyboard.Mode.Without("echo") : null;
        string? line = await i.Streams.Input.ReadLineAsync(i.Cancellation);
        if (line is not null || silence is null)
        {
            await i.Streams.Error.WriteAsync("\n", i.Cancellation);
        }

        return line?.Length > Longest ? line[..Longest] : line;
    }
}
