using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>wget(1) 1.21.4. It reaches the web server of the machine itself; what was asked for elsewhere is recorded.</summary>
internal static class WgetCommand
{
    private const int MostTries = 20, MostRedirects = 20;
    private const string Letters = "VhbdqvxrkKmpEHLNScF46no:a:O:t:T:w:Q:P:U:i:B:e:l:A:R:D:I:X:WΓΗΣΑ:Β:Δ:Ε:Τ:";
    private const string Usage = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n";

    private static readonly Dictionary<string, char> s_names = new(StringComparer.Ordinal)
    {
        ["quiet"] = 'q', ["verbose"] = 'v', ["no-verbose"] = 'W', ["output-document"] = 'O', ["output-file"] = 'o', ["append-output"] = 'a', ["background"] = 'b', ["continue"] = 'c', ["tries"] = 't', ["timeout"] = 'T', ["no-check-certificate"] = 'Γ', ["user-agent"] = 'U', ["header"] = 'Α', ["post-data"] = 'Β',
        ["post-file"] = 'Τ', ["directory-prefix"] = 'P', ["input-file"] = 'i', ["recursive"] = 'r', ["no-parent"] = 'n', ["version"] = 'V', ["help"] = 'h', ["spider"] = 'Η', ["mirror"] = 'm', ["limit-rate"] = 'Τ', ["referer"] = 'Τ', ["user"] = 'Δ', ["password"] = 'Ε', ["no-cache"] = 'Σ',
        ["connect-timeout"] = 'T', ["read-timeout"] = 'T', ["dns-timeout"] = 'T', ["wait"] = 'w', ["waitretry"] = 'Τ', ["retry-connrefused"] = 'Σ', ["no-proxy"] = 'Σ', ["inet4-only"] = '4', ["inet6-only"] = '6', ["show-progress"] = 'Σ', ["progress"] = 'Τ', ["timestamping"] = 'N', ["no-clobber"] = 'Σ',
        ["content-disposition"] = 'Σ', ["ca-certificate"] = 'Τ', ["secure-protocol"] = 'Τ', ["max-redirect"] = 'Τ', ["server-response"] = 'S', ["save-cookies"] = 'Τ', ["load-cookies"] = 'Τ', ["method"] = 'Τ', ["body-data"] = 'Τ', ["level"] = 'l', ["accept"] = 'A', ["reject"] = 'R', ["execute"] = 'e', ["no-host-directories"] = 'Σ', ["cut-dirs"] = 'Τ', ["ftp-user"] = 'Τ', ["ftp-password"] = 'Τ', ["no-dns-cache"] = 'Σ', ["auth-no-challenge"] = 'Σ', ["prefer-family"] = 'Τ', ["bind-address"] = 'Τ', ["random-wait"] = 'Σ', ["page-requisites"] = 'p', ["convert-links"] = 'k', ["no-hsts"] = 'Σ', ["https-only"] = 'Σ', ["passive-ftp"] = 'Σ', ["no-passive-ftp"] = 'Σ', ["force-directories"] = 'x', ["no-directories"] = 'Σ', ["no-config"] = 'Σ', ["debug"] = 'd', ["base"] = 'B', ["quota"] = 'Q', ["span-hosts"] = 'H', ["relative"] = 'L', ["domains"] = 'D', ["exclude-directories"] = 'X', ["include-directories"] = 'I', ["adjust-extension"] = 'E', ["force-html"] = 'F', ["backup-converted"] = 'K',
    };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        // "-nv", "-nc" and the like are one option each.
        string[] arguments = [.. i.Arguments.Select(argument => argument is "-nv" ? "--no-verbose" : argument is ['-', 'n', _] ? "--no-clobber" : argument)];
        OptionParsing options = new(arguments, Letters, s_names, isMixed: true);
        if (options.Error is { } error)
        {
            bool isLong = error.StartsWith("--", StringComparison.Ordinal);
            await TellAsync(i, error.EndsWith("requires an argument", StringComparison.Ordinal) ? $"wget: {OptionParsing.Describe(error)}\n{Usage}" : $"wget: {(isLong ? "unrecognized option" : "invalid option --")} '{(isLong ? error.Split('=')[0] : error.TrimStart('-'))}'\n{Usage}");
            return 2;
        }

        if (options.Has('V') || options.Has('h'))
        {
            return await SystemCommands.PrintAsync(i, options.Has('V') ? "GNU Wget 1.21.4 built on linux-gnu.\n\n-cares +digest -gpgme +https +ipv6 +iri +large-file -metalink +nls \n+ntlm +opie +psl +ssl/openssl \n" : "GNU Wget 1.21.4, a non-interactive network retriever.\nUsage: wget [OPTION]... [URL]...\n\nMandatory arguments to long options are mandatory for short options too.\n\n");
        }

        List<string> urls = [.. options.Operands];
        if (options.Value('i') is { } list)
        {
            urls.AddRange((await i.ReadAsync([list])).Files.SelectMany(file => Text.Lines.Of(file.Text)).Where(line => line.Length > 0));
        }

        if (urls.Count == 0)
        {
            await TellAsync(i, $"wget: missing URL\n{Usage}");
            return 1;
        }

        // The file of -O is made before anything is asked for, and stays.
        if (options.Value('O') is { } document and not ("-" or "/dev/null" or "/dev/stdout") && !options.Has('c') && Saving.Save(i, document, []) is { } fault)
        {
            await TellAsync(i, $"{document}: {fault}\n");
            return 1;
        }

        if (options.Has('b'))
        {
            urls.ForEach(url => Record(i, url));
            return await SystemCommands.PrintAsync(i, $"Continuing in background, pid {i.State.Visit.Memory.Processes.NextId()}.\n{(options.Has('o') || options.Has('a') ? "" : "Output will be written to ‘wget-log’.\n")}");
        }

        int status = 0;
        foreach (string url in urls)
        {
            Record(i, url);
            int code = WebAddress.Parse(url) is { } address ? await new Download(i, options, url).RunAsync(address) : await InvalidAsync(i, url);
            status = Math.Max(status, code);
        }

        return status;
    }

    private static void Record(Invocation i, string url) => i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = "wget", Text = url });

    private static async ValueTask<int> InvalidAsync(Invocation i, string url)
    {
        string shown = url.Contains("://", StringComparison.Ordinal) ? url : "http://" + url;
        await TellAsync(i, $"{shown}: {(WebAddress.Fault(url)[0] switch { 'N' => "Invalid host name", 'P' => "Bad port number", 'B' => "Unterminated IPv6 numeric address", _ => "Invalid host name" })}.\n");
        return 1;
    }

    private static ValueTask TellAsync(Invocation i, string text) => i.Streams.Error.WriteAsync(Encoding.UTF8.GetBytes(text), i.Cancellation);

    // One URL, with its repetitions.
    private sealed class Download(Invocation i, OptionParsing options, string typed)
    {
        private readonly bool _isQuiet = options.Has('q'), _isBrief = options.Has('W');

        public async ValueTask<int> RunAsync(WebAddress address)
        {
            int tries = int.TryParse(options.Value('t'), NumberStyles.None, CultureInfo.InvariantCulture, out int told) && told > 0 ? Math.Min(told, MostTries) : MostTries;
            TimeSpan? patience = double.TryParse(options.Value('T'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 86_400 ? TimeSpan.FromSeconds(seconds) : null;
            int redirects = 0;
            for (int attempt = 1; ; attempt++)
            {
                if (address.Scheme is not ("http" or "https" or "ftp" or "ftps"))
                {
                    await SayAsync($"{typed}: Unsupported scheme ‘{address.Scheme}’.\n");
                    return 1;
                }

                await TellAsync($"--{Now}--  {(attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $"(try:{attempt,2})  ") : "")}{address.Url}\n");
                Attempt dialled = await Dialer.DialAsync(i.State, address.Host, address.Port, patience, i.Cancellation);
                string name = address.Host.Trim('[', ']'), shown = System.Net.IPAddress.TryParse(name, out _) ? $"{address.Host}:{address.Port}" : $"{name} ({name})|{dialled.Address}|:{address.Port}";
                await (System.Net.IPAddress.TryParse(name, out _) ? ValueTask.CompletedTask : TellAsync($"Resolving {name} ({name})... {(dialled.Address is null ? $"failed: {(dialled.Reach is Reach.TimedOut ? "Connection timed out" : dialled.Error)}." : $"{dialled.Address}")}\n"));
                if (dialled.Address is null)
                {
                    await SayAsync($"wget: unable to resolve host address ‘{name}’\n");
                    return 4;
                }

                await TellAsync($"Connecting to {shown}... {(dialled.Reach is Reach.Connected ? "connected" : $"failed: {dialled.Error}")}.\n");
                if (dialled.Reach is Reach.TimedOut && attempt < tries)
                {
                    await TellAsync("Retrying.\n\n");
                    await i.WaitAsync(Math.Min(attempt, 10));
                    continue;
                }

                if (dialled.Reach is not Reach.Connected)
                {
                    await (dialled.Reach is Reach.TimedOut ? TellAsync("Giving up.\n\n") : ValueTask.CompletedTask);
                    return 4;
                }

                (int code, WebAddress? next) = await FetchAsync(address, dialled);
                if (next is null || ++redirects > MostRedirects)
                {
                    return code;
                }

                (address, attempt) = (next, 0);
            }
        }

        private string Now => i.Machine.Now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

        private async ValueTask<(int Code, WebAddress? Next)> FetchAsync(WebAddress address, Attempt dialled)
        {
            await using Stream raw = dialled.Stream!;
            Stream? stream = address.IsEncrypted ? await WebTalk.EncryptAsync(raw, address.Host, i.State.Turns, i.Cancellation) : raw;
            if (stream is null)
            {
                await SayAsync("OpenSSL: error:0A00010B:SSL routines::wrong version number\nUnable to establish SSL connection.\n");
                return (4, null);
            }

            if (address.IsEncrypted && !options.Has('Γ'))
            {
                string host = address.Host.Trim('[', ']');
                await SayAsync($"ERROR: cannot verify {host}'s certificate, issued by ‘CN={i.Machine.HostName}’:\n  Self-signed certificate encountered.\nTo connect to {host} insecurely, use `--no-check-certificate'.\n");
                return (5, null);
            }

            string? data = options.Value('Β');
            string user = options.Value('Δ') is { } login ? $"Authorization: Basic {Convert.ToBase64String(Encoding.Latin1.GetBytes($"{login}:{options.Value('Ε')}"))}\r\n" : "";
            string head = $"{(data is null ? options.Has('Η') ? "HEAD" : "GET" : "POST")} {address.Target} HTTP/1.1\r\nHost: {address.Authority}\r\nUser-Agent: {options.Value('U') ?? "Wget/1.21.4"}\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: Keep-Alive\r\n{user}{string.Concat(options.Values('Α').Select(field => field + "\r\n"))}{(data is null ? "" : $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {data.Length}\r\n")}\r\n{data}";
            await TellAsync("HTTP request sent, awaiting response... ");
            WebAnswer? answer = await WebTalk.AskAsync(stream, Encoding.Latin1.GetBytes(head), !options.Has('Η'), i.State.Turns, i.Cancellation);
            if (answer?.Status is not { } status)
            {
                await TellAsync(answer is null ? "No data received.\nGiving up.\n\n" : "200 No headers, assuming HTTP/0.9\n");
                return (4, null);
            }

            await TellAsync(options.Has('S') ? "\n" + string.Concat(answer.Head.TrimEnd().Split("\r\n").Select(line => $"  {line}\n")) : $"{status} {answer.Reason}\n");
            if (status is >= 300 and < 400 && answer.Field("Location") is { } location && address.Follow(location) is { } next)
            {
                await TellAsync($"Location: {location} [following]\n");
                return (8, next);
            }

            if (status >= 400)
            {
                await SayAsync($"{(_isBrief ? $"{address.Url}:\n" : "")}{Now} ERROR {status}: {answer.Reason}.\n{(_isBrief ? "" : "\n")}");
                return (8, null);
            }

            return (await KeepAsync(address, answer), null);
        }

        private async ValueTask<int> KeepAsync(WebAddress address, WebAnswer answer)
        {
            int size = answer.Body.Length;
            string kind = answer.Field("Content-Type")?.Split(';')[0] ?? "text/html";
            await TellAsync(string.Create(CultureInfo.InvariantCulture, $"Length: {(answer.Field("Content-Length") is null ? "unspecified" : size < 1024 ? $"{size}" : $"{size} ({Human(size)})")} [{kind}]\n"));
            if (options.Has('Η'))
            {
                await TellAsync("Remote file exists.\n\n");
                return 0;
            }

            string? to = options.Value('O');
            string name = to ?? Unused(Path(options.Value('P'), address.FileName.Length == 0 ? "index.html" : address.FileName));
            await TellAsync($"Saving to: ‘{(to is "-" ? "STDOUT" : name)}’\n\n");
            if (to is "-")
            {
                await i.Streams.Output.WriteAsync(answer.Body, i.Cancellation);
            }
            else if (Saving.Save(i, name, answer.Body) is { } error)
            {
                await SayAsync($"{name}: {error}\n\nCannot write to ‘{name}’ (Success).\n");
                return 3;
            }

            await TellAsync(string.Create(CultureInfo.InvariantCulture, $"     0K {new string('.', Math.Clamp(size / 1024, 0, 50)),-55}100% {1 + (size % 90)}.{size % 10}M=0s\n\n{Now} ({1 + (size % 90)}.{size % 10} MB/s) - {(to is "-" ? "written to stdout" : $"‘{name}’ saved")} [{size}{(answer.Field("Content-Length") is null ? "" : $"/{size}")}]\n\n"));
            if (_isBrief && !_isQuiet)
            {
                await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{Now} URL:{address.Url} [{size}{(answer.Field("Content-Length") is null ? "" : $"/{size}")}] -> \"{name}\" [1]\n"));
            }

            return 0;
        }

        private static string Human(int size) => size < 10 << 10 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(size * 10 / 1024.0) / 10:0.0}K") : size < 1 << 20 ? string.Create(CultureInfo.InvariantCulture, $"{(size + 512) >> 10}K") : string.Create(CultureInfo.InvariantCulture, $"{size / 1048576.0:0.0}M");

        private static string Path(string? folder, string name) => folder is null ? name : $"{folder.TrimEnd('/')}/{name}";

        // "index.html.1" where there is one already.
        private string Unused(string name)
        {
            string free = name;
            for (int n = 1; n < 1000 && i.Files.Find(i.State.Path(free)) is not null; n++)
            {
                free = string.Create(CultureInfo.InvariantCulture, $"{name}.{n}");
            }

            return free;
        }

        private ValueTask TellAsync(string text) => _isQuiet || _isBrief ? ValueTask.CompletedTask : WriteAsync(text);

        private ValueTask SayAsync(string text) => _isQuiet ? ValueTask.CompletedTask : WriteAsync(text);

        private ValueTask WriteAsync(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            if ((options.Value('o') ?? options.Value('a')) is { } log)
            {
                byte[] before = i.Read(log, out byte[] content) is Files.FileError.None ? content : [];
                Saving.Save(i, log, [.. before, .. bytes]);
                return ValueTask.CompletedTask;
            }

            return i.Streams.Error.WriteAsync(bytes, i.Cancellation);
        }
    }
}
