using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>curl(1) 8.5.0. It reaches the web server of the machine itself; what was asked for elsewhere is recorded.</summary>
internal static class CurlCommand
{
    private const int MostRedirects = 50;
    private const string Version = "curl 8.5.0 (x86_64-pc-linux-gnu) libcurl/8.5.0 OpenSSL/3.0.13 zlib/1.3 brotli/1.1.0 zstd/1.5.5 libidn2/2.3.7 libpsl/0.21.2 (+libidn2/2.3.7) libssh/0.10.6/openssl/zlib nghttp2/1.59.0 librtmp/2.3 OpenLDAP/2.6.7\nRelease-Date: 2023-12-06, security patched: 8.5.0-2ubuntu10.4\nProtocols: dict file ftp ftps gopher gophers http https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp scp sftp smb smbs smtp smtps telnet tftp\nFeatures: alt-svc AsynchDNS brotli GSS-API HSTS HTTP2 HTTPS-proxy IDN IPv6 Kerberos Largefile libz NTLM PSL SPNEGO SSL threadsafe TLS-SRP UnixSockets zstd\n";
    private const string Untrusted = "SSL certificate problem: self-signed certificate\nMore details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the web page mentioned above.";

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        CurlOptions options = new(i);
        if (options.Error is { } unknown)
        {
            bool isMissing = unknown.EndsWith("requires an argument", StringComparison.Ordinal);
            await i.Streams.Error.WriteAsync($"curl: option {(isMissing ? unknown.Split(':')[0] : unknown.Split('=')[0])}: {(isMissing ? "requires parameter" : "is unknown")}\ncurl: try 'curl --help' or 'curl --manual' for more information\n", i.Cancellation);
            return 2;
        }

        if (options.Has('V'))
        {
            return await SystemCommands.PrintAsync(i, Version);
        }

        if (options.Has('h'))
        {
            return await SystemCommands.PrintAsync(i, "Usage: curl [options...] <url>\n -d, --data <data>          HTTP POST data\n -f, --fail                 Fail fast with no output on HTTP errors\n -h, --help <category>      Get help for commands\n -i, --include              Include response headers in output\n -o, --output <file>        Write to file instead of stdout\n -O, --remote-name          Write output to file named as remote file\n -s, --silent               Silent mode\n -T, --upload-file <file>   Transfer local FILE to destination\n -u, --user <user:password> Server user and password\n -A, --user-agent <name>    Send User-Agent <name> to server\n -v, --verbose              Make the operation more talkative\n -V, --version              Show version number and quit\n\nThis is not the full help, this menu is stripped into categories.\nUse \"--help category\" to get an overview of all categories.\nFor all options use the manual or \"--help all\".\n");
        }

        if (options.Urls.Count == 0)
        {
            await i.Streams.Error.WriteAsync("curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n", i.Cancellation);
            return 2;
        }

        int status = 0;
        for (int n = 0; n < options.Urls.Count; n++)
        {
            status = await FetchAsync(i, options, options.Urls[n], options.Outputs.ElementAtOrDefault(n));
        }

        return status;
    }

    private static async ValueTask<int> FetchAsync(Invocation i, CurlOptions options, string url, string? output)
    {
        i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = "curl", Text = url });
        if (WebAddress.Parse(url) is not { } address)
        {
            return await FailAsync(i, options, 3, $"URL rejected: {WebAddress.Fault(url)}");
        }

        if (output is null && options.Has('O'))
        {
            output = address.FileName;
            if (output.Length == 0)
            {
                return await FailAsync(i, options, 23, "Failed writing received data to disk/application", "curl: Remote file name has no length!\n");
            }
        }

        if (address.Scheme is "file")
        {
            // "file:///etc/passwd": no host, and the path behind it.
            string path = Uri.UnescapeDataString(address.Target);
            return i.Read(path, out byte[] content) is FileError.None ? await GiveAsync(i, options, output, content) : await FailAsync(i, options, 37, $"Couldn't open file {path}");
        }

        if (address.Scheme is not ("http" or "https" or "ftp" or "telnet" or "tftp" or "gopher" or "dict"))
        {
            return await FailAsync(i, options, 1, $"Protocol \"{address.Scheme}\" not supported");
        }

        if (options.Value('x') is { } proxy && WebAddress.Parse(proxy) is { } through)
        {
            address = through with { Scheme = "http", Port = proxy.Contains(':', StringComparison.Ordinal) ? through.Port : 1080 };
        }

        bool hasMeter = !options.IsSilent && !options.Has('Ν') && (output is not null || !IsTerminal(i));
        for (int redirects = 0; ; redirects++)
        {
            (int code, WebAnswer? answer) = await AskAsync(i, options, address, hasMeter && redirects == 0);
            if (answer is null)
            {
                await (options.Value('w') is { } failed ? i.PrintAsync(CurlReport.Format(failed, address, new WebAnswer("", []), redirects, code)) : ValueTask.CompletedTask);
                return code;
            }

            if (options.Has('L') && answer.Status is >= 300 and < 400 && answer.Field("Location") is { } location && address.Follow(location) is { } next)
            {
                if (redirects >= MostRedirects)
                {
                    return await FailAsync(i, options, 47, $"Maximum ({MostRedirects}) redirects followed");
                }

                await HeadAsync(i, options, answer);
                address = next;
                continue;
            }

            if (options.Has('f') && answer.Status >= 400)
            {
                return await FailAsync(i, options, 22, $"The requested URL returned error: {answer.Status}");
            }

            await HeadAsync(i, options, answer);
            int status = await GiveAsync(i, options, output, answer.Body);
            await (options.Value('w') is { } format ? i.PrintAsync(CurlReport.Format(format, address, answer, redirects, status)) : ValueTask.CompletedTask);
            return status;
        }
    }

    // One connection, one request.
    private static async ValueTask<(int Code, WebAnswer? Answer)> AskAsync(Invocation i, CurlOptions options, WebAddress address, bool hasMeter)
    {
        TimeSpan? patience = options.Longest is { } longest && !(options.LongestToConnect < longest) ? longest : options.LongestToConnect;
        Attempt attempt = await Dialer.DialAsync(i.State, address.Host, address.Port, patience, i.Cancellation);
        int milliseconds = (int)attempt.Waited.TotalMilliseconds + (attempt.Reach is Reach.Refused ? 0 : i.Machine.Number("curl-late", 1, 4));
        CurlTrace trace = new(i, options.Has('v'));
        await (hasMeter ? i.Streams.Error.WriteAsync(CurlReport.Begin, i.Cancellation) : ValueTask.CompletedTask);
        string host = address.Host.Trim('[', ']');
        (int failed, string? why) = attempt.Reach switch
        {
            Reach.Connected => (0, null),
            Reach.UnknownName => (6, $"Could not resolve host: {host}"),
            Reach.TimedOut => (28, attempt.Address is null ? Invariant($"Resolving timed out after {milliseconds} milliseconds")
                : patience == options.Longest ? Invariant($"Connection timed out after {milliseconds} milliseconds") : Invariant($"Failed to connect to {host} port {address.Port} after {milliseconds} ms: Timeout was reached")),
            _ => (7, Invariant($"Failed to connect to {host} port {address.Port} after {milliseconds} ms: Couldn't connect to server")),
        };
        await trace.DialledAsync(address, attempt, why);
        if (why is not null)
        {
            await (hasMeter ? i.Streams.Error.WriteAsync(CurlReport.End(attempt.Waited, null), i.Cancellation) : ValueTask.CompletedTask);
            return (await FailAsync(i, options, failed, why), null);
        }

        await using Stream raw = attempt.Stream!;
        Stream? stream = address.IsEncrypted ? await WebTalk.EncryptAsync(raw, address.Host, i.State.Turns, i.Cancellation) : raw;
        await (address.IsEncrypted ? trace.EncryptAsync(stream, options.Has('k')) : ValueTask.CompletedTask);
        if (stream is null)
        {
            return (await FailAsync(i, options, 35, "OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number"), null);
        }

        if (address.IsEncrypted && !options.Has('k'))
        {
            return (await FailAsync(i, options, 60, Untrusted), null);
        }

        if (options.Compose(address, out string? unreadable) is not { } request)
        {
            return (await FailAsync(i, options, 26, $"Failed to open/read local data from file/application", $"curl: option -d: error encountered when reading a file\n{unreadable}"), null);
        }

        await trace.HeadAsync('>', Encoding.Latin1.GetString(request));
        WebAnswer? answer = await WebTalk.AskAsync(stream, request, !options.Has('I') && options.Value('X') is not "HEAD", i.State.Turns, i.Cancellation);
        await trace.HeadAsync('<', answer?.Head ?? "");
        if (hasMeter)
        {
            await trace.DataAsync('{', answer?.Body.Length ?? 0);
            await i.Streams.Error.WriteAsync(CurlReport.End(attempt.Waited, answer?.Body.Length), i.Cancellation);
        }

        await trace.SayAsync(answer is null ? "Empty reply from server" : $"Connection #0 to host {host} left intact");

        return answer is null ? (await FailAsync(i, options, 52, "Empty reply from server"), null)
            : answer.Status is null ? (await FailAsync(i, options, 1, "Received HTTP/0.9 when not allowed"), null) : (0, answer);
    }

    private static ValueTask HeadAsync(Invocation i, CurlOptions options, WebAnswer answer) => options.Has('I') || options.Has('i') ? i.PrintAsync(answer.Head) : ValueTask.CompletedTask;

    private static async ValueTask<int> GiveAsync(Invocation i, CurlOptions options, string? output, byte[] content)
    {
        if (output is null or "-")
        {
            await i.Streams.Output.WriteAsync(content, i.Cancellation);
            return 0;
        }

        if (Saving.Save(i, output, content) is { } error)
        {
            return await FailAsync(i, options, 23, "Failed writing body", $"Warning: Failed to open the file {output}: {error}\n");
        }

        return 0;
    }

    private static async ValueTask<int> FailAsync(Invocation i, CurlOptions options, int code, string message, string before = "")
    {
        if (options.TellsErrors)
        {
            await i.Streams.Error.WriteAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{before}curl: ({code}) {message}\n")), i.Cancellation);
        }

        return code;
    }

    private static bool IsTerminal(Invocation i) => i.Streams.Output is PeerOutput && i.State.Io.Terminal is not null;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
