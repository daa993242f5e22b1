using System.Globalization;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Remote;

/// <summary>wget(1). What it was asked for is recorded; nothing is fetched.</summary>
internal static class WgetCommand
{
    private const string Usage = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n";
    private const int NetworkFailure = 4;
    private static readonly Dictionary<string, char> Names = new(StringComparer.Ordinal)
    {
        ["quiet"] = 'q', ["verbose"] = 'v', ["no-verbose"] = '\u0001', ["output-document"] = 'O', ["output-file"] = 'o', ["append-output"] = 'a', ["background"] = 'b', ["continue"] = 'c', ["tries"] = 't', ["timeout"] = 'T', ["no-check-certificate"] = '\u0003', ["user-agent"] = 'U', ["header"] = '\u0002', ["post-data"] = '\u0002',
        ["post-file"] = '\u0002', ["directory-prefix"] = 'P', ["input-file"] = 'i', ["recursive"] = 'r', ["no-parent"] = 'n', ["version"] = 'V', ["help"] = 'h', ["spider"] = '\u0003', ["mirror"] = 'm', ["limit-rate"] = '\u0002', ["referer"] = '\u0002', ["user"] = '\u0002', ["password"] = '\u0002', ["no-cache"] = '\u0003',
        ["connect-timeout"] = '\u0002', ["read-timeout"] = '\u0002', ["dns-timeout"] = '\u0002', ["wait"] = 'w', ["waitretry"] = '\u0002', ["retry-connrefused"] = '\u0003', ["no-proxy"] = '\u0003', ["inet4-only"] = '4', ["inet6-only"] = '6', ["show-progress"] = '\u0003', ["progress"] = '\u0002', ["timestamping"] = 'N', ["no-clobber"] = '\u0003',
        ["content-disposition"] = '\u0003', ["ca-certificate"] = '\u0002', ["secure-protocol"] = '\u0002', ["max-redirect"] = '\u0002', ["server-response"] = 'S', ["save-cookies"] = '\u0002', ["load-cookies"] = '\u0002', ["method"] = '\u0002', ["body-data"] = '\u0002', ["level"] = 'l', ["accept"] = 'A', ["reject"] = 'R', ["execute"] = 'e', ["no-host-directories"] = '\u0003', ["cut-dirs"] = '\u0002', ["ftp-user"] = '\u0002', ["ftp-password"] = '\u0002', ["no-dns-cache"] = '\u0003', ["auth-no-challenge"] = '\u0003', ["prefer-family"] = '\u0002', ["bind-address"] = '\u0002', ["random-wait"] = '\u0003', ["page-requisites"] = 'p', ["convert-links"] = 'k', ["no-hsts"] = '\u0003', ["https-only"] = '\u0003', ["passive-ftp"] = '\u0003', ["no-passive-ftp"] = '\u0003', ["force-directories"] = 'x', ["no-directories"] = '\u0003', ["no-config"] = '\u0003', ["debug"] = 'd', ["base"] = 'B', ["quota"] = 'Q', ["span-hosts"] = 'H', ["relative"] = 'L', ["domains"] = 'D', ["exclude-directories"] = 'X', ["include-directories"] = 'I', ["adjust-extension"] = 'E', ["force-html"] = 'F', ["backup-converted"] = 'K',
    };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        // "-nv", "-nc" and the like are one option each.
        string[] arguments = [.. i.Arguments.Select(argument => argument is "-nv" ? "--no-verbose" : argument is ['-', 'n', _] ? "--no-clobber" : argument)];
        OptionParsing options = new(arguments, "VhbdqvxrkKmpEHLNScF46\u0001\u0003no:a:O:t:T:w:Q:P:U:i:B:e:l:A:R:D:I:X:\u0002:", Names, isMixed: true);
        if (options.Error is { } error)
        {
            bool isLong = error.StartsWith("--", StringComparison.Ordinal);
            await TellAsync(i, error.EndsWith("requires an argument", StringComparison.Ordinal) ? $"wget: option requires an argument -- '{error[1]}'\n{Usage}" : $"wget: {(isLong ? "unrecognized option" : "invalid option --")} '{(isLong ? error.Split('=')[0] : error.TrimStart('-'))}'\n{Usage}");
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

        return await FetchAsync(i, options, urls);
    }

    private static async ValueTask<int> FetchAsync(Invocation i, OptionParsing options, List<string> urls)
    {
        // The file of -O is made before anything is asked for, and stays.
        string? document = options.Value('O');
        if (document is not null and not ("-" or "/dev/null" or "/dev/stdout") && !options.Has('c'))
        {
            string path = i.State.Path(document);
            bool may = i.Files.Find(path) is { } there ? Access.MayWrite(there, i.State.Visit.UserId) : Entries.Places.MayChange(i, path);
            FileError made = may ? i.Files.Write(path, [], i.State.Visit.UserId, i.State.Visit.UserId, 0x1B6 & ~i.State.FileMask) : i.Files.Find(Entries.Places.Parent(path)) is null ? FileError.NotFound : FileError.NotPermitted;
            if (made != FileError.None)
            {
                await TellAsync(i, $"{document}: {made.Text()}\n");
                return 1;
            }
        }

        if (options.Has('b'))
        {
            foreach (string url in urls)
            {
                Record(i, url);
            }

            return await SystemCommands.PrintAsync(i, $"Continuing in background, pid {i.State.Visit.ShellProcess + 11}.\n{(options.Has('o') || options.Has('a') ? "" : "Output will be written to ‘wget-log’.\n")}");
        }

        int status = 0;
        foreach (string url in urls)
        {
            status = Math.Max(status, await OneAsync(i, options, url));
        }

        return status;
    }

    private static void Record(Invocation i, string url) => i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = "wget", Text = url });

    private static async ValueTask<int> OneAsync(Invocation i, OptionParsing options, string text)
    {
        Record(i, text);
        RemoteUrl url = RemoteUrl.Parse(text);
        string shown = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        bool isQuiet = options.Has('q'), isBrief = options.Has('\u0001');
        if (url.Scheme is not ("http" or "https" or "ftp" or "ftps"))
        {
            return await FailAsync(i, isQuiet, $"{text}: Unsupported scheme ‘{url.Scheme}’.\n");
        }

        if (url.Fault != UrlFault.None)
        {
            return await FailAsync(i, isQuiet, $"{shown}: {url.Fault switch { UrlFault.NoHost => "Invalid host name", UrlFault.Port => "Bad port number", _ => "Unterminated IPv6 numeric address" }}.\n");
        }

        string full = shown.IndexOf('/', shown.IndexOf("://", StringComparison.Ordinal) + 3) < 0 ? shown + "/" : shown;
        string name = options.Value('O') ?? (Entries.Places.Base(url.Path) is "/" ? "index.html" : Entries.Places.Base(url.Path));
        bool isTold = !isQuiet && !isBrief;
        await TellAsync(i, isTold ? $"--{i.Machine.Now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}--  {full}\n{(url.Scheme is "ftp" ? $"           => ‘{name}’\n" : "")}" : "");
        bool isOwn = Reach.IsOwn(i.State, url.Host);
        string where = url.Host;
        if (url.Address is null)
        {
            if (!isOwn)
            {
                await i.WaitAsync(Reach.ResolveSeconds);
                await TellAsync(i, (isTold ? $"Resolving {url.Host} ({url.Host})... failed: Temporary failure in name resolution.\n" : "") + (isQuiet ? "" : $"wget: unable to resolve host address ‘{url.Host}’\n"));
                return NetworkFailure;
            }

            await TellAsync(i, isTold ? $"Resolving {url.Host} ({url.Host})... 127.0.0.1\n" : "");
            where = $"{url.Host} ({url.Host})|127.0.0.1|";
        }

        await TellAsync(i, isTold ? $"Connecting to {where}:{url.Port.ToString(CultureInfo.InvariantCulture)}... " : "");
        if (isOwn)
        {
            await TellAsync(i, isTold ? "failed: Connection refused.\n" : isBrief ? "failed: Connection refused.\n" : "");
            return NetworkFailure;
        }

        await i.WaitAsync(Reach.UnreachableSeconds);
        await TellAsync(i, isTold || (isBrief && !isQuiet) ? "failed: No route to host.\n" : "");
        return NetworkFailure;
    }

    private static async ValueTask<int> FailAsync(Invocation i, bool isQuiet, string text)
    {
        await TellAsync(i, isQuiet ? "" : text);
        return 1;
    }

    private static ValueTask TellAsync(Invocation i, string text) => i.Streams.Error.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), i.Cancellation);
}
