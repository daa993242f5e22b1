using System.Text;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Asks for a password: at a terminal nothing of it is shown.</summary>
internal static class SecretPrompt
{
    private const int Longest = 1024;

    /// <summary>Null: the input ended.</summary>
    public static async ValueTask<string?> ReadAsync(Invocation i, string prompt)
    {
        await i.Streams.Error.WriteAsync(prompt, i.Cancellation);
        if (i.State.Io.Terminal is null || i.State.Io is not Keyboard || !ReferenceEquals(i.Streams.Input, i.Interpreter.Streams.Input))
        {
            string? line = await i.Streams.Input.ReadLineAsync(i.Cancellation);
            await i.Streams.Error.WriteAsync("\n", i.Cancellation);
            return line;
        }

        StringBuilder text = new();
        byte[] key = new byte[1];
        while (await i.State.Io.ReadAsync(key, i.Cancellation) > 0)
        {
            switch (key[0])
            {
                case (byte)'\r' or (byte)'\n':
                    await i.Streams.Error.WriteAsync("\n", i.Cancellation);
                    return text.ToString();
                case 8 or 127 when text.Length > 0:
                    text.Length--;
                    break;
                case 21:
                    text.Clear();
                    break;
                case >= 32 and var letter when text.Length < Longest:
                    text.Append((char)letter);
                    break;
            }
        }

        return null;
    }
}
