using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>redis-cli(1): one command to the server of the machine, as it answers at its port.</summary>
internal static class RedisCommand
{
    private const int MostRead = 256 << 10, MostNested = 8;

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        int first = 0;
        string host = "127.0.0.1", password = "";
        int port = 6379;
        for (; first < i.Arguments.Count && i.Arguments[first].StartsWith('-'); first++)
        {
            string value = i.Arguments.ElementAtOrDefault(first + 1) ?? "";
            switch (i.Arguments[first])
            {
                case "-h":
                    (host, first) = (value, first + 1);
                    break;
                case "-p":
                    (port, first) = (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int told) ? told : port, first + 1);
                    break;
                case "-a" or "--pass":
                    (password, first) = (value, first + 1);
                    break;
                case "-n" or "-r" or "-i" or "-u" or "--user":
                    first++;
                    break;
                case "-v" or "--version":
                    return await SystemCommands.PrintAsync(i, "redis-cli 7.0.15\n");
            }
        }

        Attempt attempt = await Dialer.DialAsync(i.State, host, port, null, i.Cancellation);
        if (attempt.Stream is not { } stream)
        {
            await i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"Could not connect to Redis at {host}:{port}: {attempt.Error}\n"), i.Cancellation);
            return 1;
        }

        await using (stream)
        {
            IEnumerable<string> lines = first < i.Arguments.Count ? [""] : (await i.ReadAsync([])).Files.SelectMany(file => file.Text.Split('\n')).Where(line => line.Trim().Length > 0);
            await (password.Length > 0 ? AskAsync(i, stream, ["AUTH", password]).AsTask() : Task.CompletedTask);
            foreach (string line in lines)
            {
                string[] words = first < i.Arguments.Count ? [.. i.Arguments.Skip(first)] : line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                await i.PrintAsync(await AskAsync(i, stream, words));
            }
        }

        return 0;
    }

    private static async ValueTask<string> AskAsync(Invocation i, Stream stream, string[] words)
    {
        StringBuilder request = new(string.Create(CultureInfo.InvariantCulture, $"*{words.Length}\r\n"));
        foreach (string word in words)
        {
            request.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
        }

        string answer = "";
        byte[] buffer = new byte[4096];
        try
        {
            await i.State.Turns.OutsideAsync(async () =>
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(request.ToString()), i.Cancellation);
                int got;
                while (answer.Length < MostRead && Format(answer, 0, out _) is null && (got = await stream.ReadAsync(buffer, i.Cancellation)) > 0)
                {
                    answer += Encoding.Latin1.GetString(buffer, 0, got);
                }
            });
        }
        catch (IOException)
        {
            // It closed the connection.
        }

        return Format(answer, 0, out _) ?? "Error: Server closed the connection\n";
    }

    // RESP 2 as redis-cli writes it to a pipe; null: it is not complete.
    private static string? Format(string answer, int depth, out int used)
    {
        used = 0;
        int end = answer.IndexOf("\r\n", StringComparison.Ordinal);
        if (end < 1 || depth > MostNested)
        {
            return null;
        }

        used = end + 2;
        string rest = answer[1..end];
        if (answer[0] is '+' or ':')
        {
            return rest + "\n";
        }

        if (answer[0] is '-')
        {
            return rest + "\n\n";
        }

        if (!int.TryParse(rest, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int length) || length is < 0 or > MostRead)
        {
            return "\n";
        }

        if (answer[0] is '$')
        {
            int from = used;
            used += length + 2;
            return used <= answer.Length ? string.Concat(answer.AsSpan(from, length), "\n") : null;
        }

        StringBuilder all = new();
        for (int n = 0; n < length; n++)
        {
            if (Format(answer[used..], depth + 1, out int part) is not { } text)
            {
                return null;
            }

            all.Append(text);
            used += part;
        }

        return all.Length == 0 ? "\n" : all.ToString();
    }
}
