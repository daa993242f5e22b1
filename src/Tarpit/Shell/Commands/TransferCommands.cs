using System.Globalization;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands that would fetch something. What they were asked for is recorded; names do not resolve and addresses do not answer.</summary>
internal static class TransferCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["wget"] = WgetAsync,
        ["curl"] = CurlAsync,
        ["ftp"] = OtherAsync,
        ["tftp"] = OtherAsync,
        ["rsync"] = OtherAsync,
    };

    private static bool IsAddress(string host) => System.Net.IPAddress.TryParse(host.Trim('[', ']'), out _);

    private static (string Host, string Port) Target(string url)
    {
        string rest = url.Contains("://", StringComparison.Ordinal) ? url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..] : url;
        string authority = rest.Split('/')[0].Split('@')[^1];
        int colon = authority.LastIndexOf(':');
        bool hasPort = colon > 0 && !authority.EndsWith(']');
        return (hasPort ? authority[..colon] : authority, hasPort ? authority[(colon + 1)..] : url.StartsWith("https", StringComparison.Ordinal) ? "443" : "80");
    }

    private static async ValueTask<int> WgetAsync(Invocation i)
    {
        IReadOnlyList<string> urls = i.OperandsWithout("OPoatTUe");
        if (urls.Count == 0)
        {
            await i.Streams.Error.WriteAsync("wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n", i.Cancellation);
            return 1;
        }

        foreach (string url in urls)
        {
            i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = "wget", Text = url });
            (string host, string port) = Target(url);
            string shown = url.Contains("://", StringComparison.Ordinal) ? url : "http://" + url;
            bool quiet = i.Has('q', "quiet");
            await ErrorAsync(i, quiet, $"--{i.Machine.Now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}--  {shown}{(url.Count(c => c == '/') < 3 ? "/" : "")}\n");
            if (!IsAddress(host))
            {
                await i.WaitAsync(4);
                await ErrorAsync(i, quiet, $"Resolving {host} ({host})... failed: Temporary failure in name resolution.\nwget: unable to resolve host address ‘{host}’\n");
                return 4;
            }

            await ErrorAsync(i, quiet, $"Connecting to {host}:{port}... ");
            await i.WaitAsync(3.06);
            await ErrorAsync(i, quiet, "failed: No route to host.\n");
        }

        return 4;
    }

    private static async ValueTask ErrorAsync(Invocation i, bool quiet, string text)
    {
        if (!quiet)
        {
            await i.Streams.Error.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), i.Cancellation);
        }
    }

    private static async ValueTask<int> CurlAsync(Invocation i)
    {
        string? url = i.OperandsWithout("oXHdAumeTFxbc").FirstOrDefault(a => a.Contains('.', StringComparison.Ordinal) || a.Contains("://", StringComparison.Ordinal) || a is "localhost");
        if (i.Has('\0', "version") || i.Has('V'))
        {
            return await SystemCommands.PrintAsync(i, "curl 8.5.0 (x86_64-pc-linux-gnu) libcurl/8.5.0 OpenSSL/3.0.13 zlib/1.3 brotli/1.1.0 zstd/1.5.5 libidn2/2.3.7 libpsl/0.21.2 (+libidn2/2.3.7) libssh/0.10.6/openssl/zlib nghttp2/1.59.0 librtmp/2.3 OpenLDAP/2.6.7\nRelease-Date: 2023-12-06, security patched: 8.5.0-2ubuntu10.4\n");
        }

        if (url is null)
        {
            await i.Streams.Error.WriteAsync("curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n", i.Cancellation);
            return 2;
        }

        i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = "curl", Text = url });
        (string host, string port) = Target(url);
        bool silent = i.Has('s', "silent") && !i.Has('S');
        if (!IsAddress(host))
        {
            await i.WaitAsync(4);
            await ErrorAsync(i, silent, $"curl: (6) Could not resolve host: {host}\n");
            return 6;
        }

        // As where no router knows the way: the kernel gives up after three questions.
        const double unreachable = 3.06;
        double? most = Seconds(i, "-m", "--max-time"), least = Seconds(i, null, "--connect-timeout");
        double waits = Math.Min(unreachable, Math.Min(most ?? unreachable, least ?? unreachable));
        await i.WaitAsync(waits);
        int milliseconds = (int)(waits * 1000) + i.Machine.Number("curl-late", 1, 4);
        await ErrorAsync(i, silent, waits == most ? $"curl: (28) Connection timed out after {Text(milliseconds)} milliseconds\n"
            : waits == least ? $"curl: (28) Failed to connect to {host} port {port} after {Text(milliseconds)} ms: Timeout was reached\n"
            : $"curl: (7) Failed to connect to {host} port {port} after {Text(milliseconds)} ms: Couldn't connect to server\n");
        return waits < unreachable ? 28 : 7;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // The value of an option, apart ("-m 2"), joined ("-m2", "-sm2") or with "=" behind the long name; null: it is not there, or is no time.
    private static double? Seconds(Invocation i, string? shortName, string longName)
    {
        for (int at = 0; at < i.Arguments.Count; at++)
        {
            string argument = i.Arguments[at], next = at + 1 < i.Arguments.Count ? i.Arguments[at + 1] : "";
            int letter = shortName is not null && argument.Length > 1 && argument[0] == '-' && argument[1] != '-' ? argument.IndexOf(shortName[1], StringComparison.Ordinal) : -1;
            string? value = string.Equals(argument, longName, StringComparison.Ordinal) ? next
                : argument.StartsWith(longName + "=", StringComparison.Ordinal) ? argument[(longName.Length + 1)..]
                : letter > 0 ? letter + 1 < argument.Length ? argument[(letter + 1)..] : next : null;
            if (value is not null && double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds > 0)
            {
                return seconds;
            }
        }

        return null;
    }

    private static async ValueTask<int> OtherAsync(Invocation i)
    {
        i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments) });
        await i.WaitAsync(5);
        return await i.FailAsync("connect: Connection timed out");
    }
}
