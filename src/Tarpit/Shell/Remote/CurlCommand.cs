using System.Globalization;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Remote;

/// <summary>curl(1). What it was asked for is recorded; nothing is fetched but files of this machine.</summary>
internal sealed class CurlCommand(Invocation i, OptionParsing options)
{
    private const string TryHelp = "curl: try 'curl --help' or 'curl --manual' for more information\n";
    private const string Meter = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0";
    private const string Letters = "#0123468aBfgGijIklLMnNOpqRsSvVZA:b:c:C:d:D:e:E:F:h\u0001H:K:m:o:P:Q:r:t:T:u:U:w:x:X:y:Y:z:\u0002:\u0003:\u0004";
    private static readonly Dictionary<string, char> Names = MakeNames();

    private readonly bool _isSilent = options.Has('s') && !options.Has('S');

    // The progress of a transfer shows where the content does not go to a terminal.
    private readonly bool _hasMeter = !options.Has('s') && !options.Has('#') && (options.Has('o') || options.Has('O') || i.State.Io.Terminal is null || i.Streams.Output is not PeerOutput);

    private static Dictionary<string, char> MakeNames()
    {
        Dictionary<string, char> names = new(StringComparer.Ordinal)
        {
            ["silent"] = 's', ["show-error"] = 'S', ["output"] = 'o', ["remote-name"] = 'O', ["location"] = 'L', ["fail"] = 'f', ["insecure"] = 'k', ["head"] = 'I', ["include"] = 'i', ["verbose"] = 'v', ["max-time"] = 'm', ["connect-timeout"] = '\u0002', ["write-out"] = 'w', ["version"] = 'V', ["help"] = 'h', ["url"] = '\u0003',
        };
        foreach (string name in "append all compressed disable globoff get http1.0 http1.1 http2 http3 ipv4 ipv6 tlsv1 tlsv1.2 tlsv1.3 no-buffer create-dirs fail-early location-trusted no-keepalive no-progress-meter progress-bar raw path-as-is proxy-insecure remote-time retry-connrefused retry-all-errors ssl ssl-reqd tcp-nodelay tr-encoding use-ascii anyauth basic digest ntlm negotiate junk-session-cookies list-only no-sessionid ssl-no-revoke http0.9 fail-with-body remote-header-name remote-name-all no-clobber xattr false-start doh-insecure socks5-gssapi".Split(' '))
        {
            names.TryAdd(name, '\u0001');
        }

        foreach (string name in "request data data-raw data-binary data-urlencode data-ascii json header user user-agent referer cookie cookie-jar form form-string upload-file range proxy proxy-user proxy-header interface retry retry-delay retry-max-time max-redirs limit-rate cacert capath cert key cert-type ciphers resolve connect-to dns-servers noproxy socks4 socks4a socks5 socks5-hostname proto proto-default proto-redir config speed-limit speed-time time-cond unix-socket trace trace-ascii stderr output-dir local-port keepalive-time max-filesize continue-at dump-header quote tls-max tls13-ciphers url-query rate doh-url dns-interface happy-eyeballs-timeout-ms expect100-timeout aws-sigv4 oauth2-bearer pass pinnedpubkey preproxy pubkey random-file service-name telnet-option tftp-blksize".Split(' '))
        {
            names.TryAdd(name, '\u0004');
        }

        return names;
    }

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, Letters + ":", Names, isMixed: true);
        if (options.Error is { } error)
        {
            bool isMissing = error.EndsWith("requires an argument", StringComparison.Ordinal);
            await i.Streams.Error.WriteAsync($"curl: option {(isMissing ? error.Split(':')[0] : error.Split('=')[0])}: {(isMissing ? "requires parameter" : "is unknown")}\n{TryHelp}", i.Cancellation);
            return 2;
        }

        if (options.Has('V'))
        {
            return await SystemCommands.PrintAsync(i, "curl 8.5.0 (x86_64-pc-linux-gnu) libcurl/8.5.0 OpenSSL/3.0.13 zlib/1.3 brotli/1.1.0 zstd/1.5.5 libidn2/2.3.7 libpsl/0.21.2 (+libidn2/2.3.7) libssh/0.10.6/openssl/zlib nghttp2/1.59.0 librtmp/2.3 OpenLDAP/2.6.7\nRelease-Date: 2023-12-06, security patched: 8.5.0-2ubuntu10.4\nProtocols: dict file ftp ftps gopher gophers http https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtmpe rtmps rtmpt rtmpte rtmpts rtsp scp sftp smb smbs smtp smtps telnet tftp\nFeatures: alt-svc AsynchDNS brotli GSS-API HSTS HTTP2 HTTPS-proxy IDN IPv6 Kerberos Largefile libz NTLM PSL SPNEGO SSL threadsafe TLS-SRP UnixSockets zstd\n");
        }

        if (options.Has('h'))
        {
            return await SystemCommands.PrintAsync(i, "Usage: curl [options...] <url>\n -d, --data <data>          HTTP POST data\n -f, --fail                 Fail fast with no output on HTTP errors\n -h, --help <category>      Get help for commands\n -i, --include              Include protocol response headers in the output\n -o, --output <file>        Write to file instead of stdout\n -O, --remote-name          Write output to a file named as the remote file\n -s, --silent               Silent mode\n -T, --upload-file <file>   Transfer local FILE to destination\n -u, --user <user:password> Server user and password\n -A, --user-agent <name>    Send User-Agent <name> to server\n -v, --verbose              Make the operation more talkative\n -V, --version              Show version number and quit\n\nThis is not the full help, this menu is stripped into categories.\nUse \"--help category\" to get an overview of all categories.\nFor all options use the manual or \"--help all\".\n");
        }

        string[] urls = [.. options.Values('\u0003'), .. options.Operands];
        if (urls.Length == 0)
        {
            await i.Streams.Error.WriteAsync($"curl: (2) no URL specified\n{TryHelp}", i.Cancellation);
            return 2;
        }

        CurlCommand curl = new(i, options);
        int status = 0;
        foreach (string url in urls)
        {
            status = await curl.OneAsync(url);
        }

        return status;
    }

    private async ValueTask<int> OneAsync(string text)
    {
        i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = "curl", Text = text });
        RemoteUrl url = RemoteUrl.Parse(text);
        int status = await GetAsync(url);
        if (options.Value('w') is { } format && status != 2)
        {
            string written = Escapes.Decode(format).Replace("%{http_code}", status == 0 ? "200" : "000", StringComparison.Ordinal).Replace("%{response_code}", status == 0 ? "200" : "000", StringComparison.Ordinal).Replace("%{url_effective}", text, StringComparison.Ordinal)
                .Replace("%{exitcode}", status.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("%{size_download}", "0", StringComparison.Ordinal).Replace("%{time_total}", "0.000000", StringComparison.Ordinal).Replace("%{remote_ip}", "", StringComparison.Ordinal);
            await i.PrintAsync(written);
        }

        return status;
    }

    private async ValueTask<int> GetAsync(RemoteUrl url)
    {
        if (url.Scheme is "file")
        {
            return await FileAsync(url);
        }

        if (url.Fault != UrlFault.None)
        {
            return await FailAsync(3, $"URL rejected: {url.Fault switch { UrlFault.NoHost => "No host part in the URL", UrlFault.Port => "Port number was not a decimal number between 0 and 65535", _ => "Bad IPv6 address" }}", meter: false);
        }

        if (url.Scheme is not ("http" or "https" or "ftp" or "ftps" or "tftp" or "scp" or "sftp" or "dict" or "gopher" or "telnet" or "smb" or "imap" or "pop3" or "smtp" or "ldap" or "mqtt" or "rtsp"))
        {
            return await FailAsync(1, $"Protocol \"{url.Scheme}\" not supported", meter: false);
        }

        if (!Reach.Resolves(i.State, url.Host))
        {
            await i.WaitAsync(Reach.ResolveSeconds);
            return await FailAsync(6, $"Could not resolve host: {url.Host}");
        }

        string port = url.Port.ToString(CultureInfo.InvariantCulture), host = url.Host.Trim('[', ']');
        if (Reach.IsOwn(i.State, url.Host))
        {
            return Reach.Listener(i.State, url.Port) is null ? await FailAsync(7, $"Failed to connect to {host} port {port} after 0 ms: Couldn't connect to server", meter: false) : await FailAsync(52, "Empty reply from server");
        }

        // As where no router knows the way: the kernel gives up after three questions.
        double most = Seconds('m'), least = Seconds('\u0002'), waits = Math.Min(Reach.UnreachableSeconds, Math.Min(most, least));
        await i.WaitAsync(waits);
        string milliseconds = ((int)(waits * 1000) + i.Machine.Number("curl-late", 1, 4)).ToString(CultureInfo.InvariantCulture);
        return waits < Reach.UnreachableSeconds
            ? await FailAsync(28, waits == most ? $"Connection timed out after {milliseconds} milliseconds" : $"Failed to connect to {host} port {port} after {milliseconds} ms: Timeout was reached")
            : await FailAsync(7, $"Failed to connect to {host} port {port} after {milliseconds} ms: Couldn't connect to server");
    }

    private double Seconds(char letter) => double.TryParse(options.Value(letter), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds > 0 ? seconds : double.PositiveInfinity;

    private async ValueTask<int> FileAsync(RemoteUrl url)
    {
        if (i.Read(url.Path, out byte[] content) != FileError.None)
        {
            return await FailAsync(37, $"Couldn't open file {url.Path}");
        }

        if (options.Value('o') is { } name and not "-" && i.Files.Write(i.State.Path(name), content, i.State.Visit.UserId, i.State.Visit.UserId, 0x1B6 & ~i.State.FileMask) != FileError.None)
        {
            return await FailAsync(23, "Failure writing output to destination");
        }

        if (_hasMeter)
        {
            await i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{Meter}\r100 {content.Length,5}  100 {content.Length,5}    0     0   {content.Length * 6,4}k      0 --:--:-- --:--:-- --:--:--  {content.Length * 6,4}k\n"), i.Cancellation);
        }

        if (options.Value('o') is null or "-")
        {
            await i.Streams.Output.WriteAsync(content, i.Cancellation);
        }

        return 0;
    }

    private async ValueTask<int> FailAsync(int status, string text, bool meter = true)
    {
        await i.Streams.Error.WriteAsync((_hasMeter && meter ? Meter : "") + (_isSilent ? "" : $"curl: ({status.ToString(CultureInfo.InvariantCulture)}) {text}\n"), i.Cancellation);
        return status;
    }
}
