using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>What curl is told on its command line.</summary>
internal sealed class CurlOptions
{
    // Long names without a letter of their own have a capital of another alphabet.
    private const string Letters = "#012346A:BC:D:E:F:GH:IJK:LMNOP:Q:RST:U:VX:Y:Z:ab:c:d:e:fghijklm:no:pqr:st:u:vw:x:y:z:Α:Β:Γ:Δ:ΕΖ:Η:ΘΙΚ:Λ:ΜΝΞ:Ο:Π:Ρ:ΣΤ:";

    private const char Ignored = 'Σ', IgnoredWithValue = 'Τ';

    private static readonly Dictionary<string, char> s_names = MakeNames();

    private static Dictionary<string, char> MakeNames()
    {
        Dictionary<string, char> names = new(StringComparer.Ordinal)
        {
            ["connect-timeout"] = 'Α', ["data-raw"] = 'Β', ["data-binary"] = 'Γ', ["data-urlencode"] = 'Δ', ["compressed"] = 'Ε', ["retry"] = 'Ζ', ["retry-delay"] = 'Η', ["tlsv1.2"] = 'Θ', ["create-dirs"] = 'Ι', ["max-redirs"] = 'Κ',
            ["resolve"] = 'Λ', ["retry-connrefused"] = 'Μ', ["no-progress-meter"] = 'Ν', ["ssl-no-revoke"] = 'Ξ', ["url"] = 'Ο', ["interface"] = 'Π', ["json"] = 'Ρ',
            ["data"] = 'd', ["data-ascii"] = 'd', ["request"] = 'X', ["header"] = 'H', ["head"] = 'I', ["include"] = 'i', ["output"] = 'o', ["remote-name"] = 'O', ["location"] = 'L', ["silent"] = 's', ["show-error"] = 'S',
            ["fail"] = 'f', ["insecure"] = 'k', ["write-out"] = 'w', ["max-time"] = 'm', ["user"] = 'u', ["user-agent"] = 'A', ["referer"] = 'e', ["cookie"] = 'b', ["cookie-jar"] = 'c', ["get"] = 'G', ["verbose"] = 'v', ["version"] = 'V',
            ["help"] = 'h', ["proxy"] = 'x', ["socks5"] = 'x', ["upload-file"] = 'T', ["form"] = 'F', ["http1.0"] = '0', ["http1.1"] = '1', ["ipv4"] = '4', ["ipv6"] = '6', ["progress-bar"] = '#', ["range"] = 'r', ["config"] = 'K', ["globoff"] = 'g',
        };
        foreach (string name in "append all disable http2 http3 tlsv1 tlsv1.3 no-buffer fail-early location-trusted no-keepalive raw path-as-is proxy-insecure remote-time retry-all-errors ssl ssl-reqd tcp-nodelay tr-encoding use-ascii anyauth basic digest ntlm negotiate junk-session-cookies list-only no-sessionid http0.9 fail-with-body remote-header-name remote-name-all no-clobber xattr false-start doh-insecure".Split(' '))
        {
            names.TryAdd(name, Ignored);
        }

        foreach (string name in "form-string proxy-user proxy-header retry-max-time limit-rate cacert capath cert key cert-type ciphers connect-to dns-servers noproxy proto proto-default proto-redir speed-limit speed-time time-cond unix-socket trace trace-ascii stderr output-dir local-port keepalive-time max-filesize continue-at dump-header quote tls-max tls13-ciphers url-query rate doh-url dns-interface happy-eyeballs-timeout-ms expect100-timeout aws-sigv4 oauth2-bearer pass pinnedpubkey pubkey service-name telnet-option tftp-blksize".Split(' '))
        {
            names.TryAdd(name, IgnoredWithValue);
        }

        foreach (string name in "socks4 socks4a socks5-hostname preproxy".Split(' '))
        {
            names.TryAdd(name, 'x');
        }

        return names;
    }

    private readonly Invocation _invocation;
    private readonly OptionParsing _options;

    public CurlOptions(Invocation invocation)
    {
        _invocation = invocation;
        _options = new OptionParsing(invocation.Arguments, Letters, s_names, isMixed: true);
    }

    /// <summary>An option that is unknown; null: none.</summary>
    public string? Error => _options.Error;

    public IReadOnlyList<string> Urls => [.. _options.Operands, .. _options.Values('Ο')];

    public bool IsSilent => Has('s');

    /// <summary>Whether errors are told.</summary>
    public bool TellsErrors => !Has('s') || Has('S');

    /// <summary>The files that pages go to, in the order of the URLs.</summary>
    public IReadOnlyList<string> Outputs => [.. _options.Values('o')];

    public TimeSpan? Longest => Seconds('m');

    public TimeSpan? LongestToConnect => Seconds('Α');

    public bool Has(char letter) => _options.Has(letter);

    public string? Value(char letter) => _options.Value(letter);

    /// <summary>The request for a page, head and body; null: a file that it names cannot be read.</summary>
    public byte[]? Compose(WebAddress address, out string? unreadable)
    {
        unreadable = null;
        StringBuilder data = new();
        foreach ((char letter, string? value) in _options.All.Where(option => option.Letter is 'd' or 'Β' or 'Γ' or 'Δ' or 'Ρ' or 'F'))
        {
            string text = value ?? "";
            if (letter is not ('Β' or 'F' or 'Δ') && text.StartsWith('@'))
            {
                if (_invocation.Read(text[1..], out byte[] content) is not Files.FileError.None)
                {
                    unreadable = text[1..];
                    return null;
                }

                text = Encoding.Latin1.GetString(content);
                text = letter is 'd' ? text.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal) : text;
            }

            int equals = text.IndexOf('=', StringComparison.Ordinal);
            text = letter is not 'Δ' ? text : text[..(equals + 1)] + Uri.EscapeDataString(text[(equals + 1)..]);
            data.Append(data.Length > 0 && letter is not 'Ρ' ? "&" : "").Append(text);
        }

        string target = address.Target;
        if (Has('G') && data.Length > 0)
        {
            target += (target.Contains('?', StringComparison.Ordinal) ? "&" : "?") + data;
            data.Clear();
        }

        if (Value('T') is { } file)
        {
            if (_invocation.Read(file, out byte[] content) is not Files.FileError.None)
            {
                unreadable = file;
                return null;
            }

            data.Append(Encoding.Latin1.GetString(content));
        }

        string method = Value('X') ?? (Has('I') ? "HEAD" : Has('T') ? "PUT" : data.Length > 0 ? "POST" : "GET");
        List<(string Name, string Value)> fields = [("Host", address.Authority)];
        string? user = Value('u') ?? address.User;
        if (user is not null)
        {
            fields.Add(("Authorization", "Basic " + Convert.ToBase64String(Encoding.Latin1.GetBytes(user.Contains(':', StringComparison.Ordinal) ? user : user + ":"))));
        }

        fields.Add(("User-Agent", Value('A') ?? "curl/8.5.0"));
        fields.Add(("Accept", "*/*"));
        AddIf(fields, "Range", Value('r') is { } range ? "bytes=" + range : null);
        AddIf(fields, "Referer", Value('e'));
        AddIf(fields, "Cookie", Value('b') is { } cookie && cookie.Contains('=', StringComparison.Ordinal) ? cookie : null);
        if (data.Length > 0)
        {
            fields.Add(("Content-Length", data.Length.ToString(CultureInfo.InvariantCulture)));
            AddIf(fields, "Content-Type", Has('T') ? null : Has('Ρ') ? "application/json" : "application/x-www-form-urlencoded");
        }

        foreach (string line in _options.Values('H'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                fields.RemoveAll(field => field.Name.Equals(line[..colon], StringComparison.OrdinalIgnoreCase));
                AddIf(fields, line[..colon], line[(colon + 1)..].Trim() is { Length: > 0 } value ? value : null);
            }
        }

        string head = $"{method} {target} HTTP/{(Has('0') ? "1.0" : "1.1")}\r\n{string.Concat(fields.Select(field => $"{field.Name}: {field.Value}\r\n"))}\r\n";
        return Encoding.Latin1.GetBytes(head + data);
    }

    private static void AddIf(List<(string, string)> fields, string name, string? value)
    {
        if (value is not null)
        {
            fields.Add((name, value));
        }
    }

    private TimeSpan? Seconds(char letter) =>
        double.TryParse(Value(letter), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 86_400 ? TimeSpan.FromSeconds(seconds) : null;
}
