using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Blackwall.Api.Contracts;

namespace Blackwall.Siem.Sinks;

/// <summary>Turns the wish for a sink into its settings, and collects everything that is wrong with it.</summary>
internal sealed class SinkReader(IReadOnlyCollection<string> kinds)
{
    private const int MaxText = 256;
    private const int MaxToken = 1024;
    private const int MaxCertificate = 32_768;

    private static readonly Dictionary<string, (string[] Schemes, string[] Formats)> Rules = new(StringComparer.Ordinal)
    {
        ["hec"] = (["http", "https"], ["hec"]),
        ["syslog"] = (["udp", "tcp", "tls"], ["cef", "leef", "ecs", "eve"]),
        ["lines"] = (["tcp", "tls"], ["ecs", "eve"]),
        ["elastic"] = (["http", "https"], ["ecs", "eve"]),
        ["webhook"] = (["http", "https"], ["ecs", "eve"]),
    };

    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Kinds => Rules.Keys;

    public IReadOnlyDictionary<string, string[]> Errors => _errors;

    public string Name(string? name)
    {
        if (name is not { Length: > 0 and <= 64 } || !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_'))
        {
            _errors["name"] = ["1..64 of a-z, 0-9, '-' and '_'."];
        }

        return name ?? "";
    }

    /// <summary>The settings and secrets; meaningless when there are errors.</summary>
    public (SinkSettings Settings, SinkSecrets Secrets) Read(SinkInput input, Sink? before)
    {
        if (input.Kind is not { } kind || !Rules.TryGetValue(kind, out (string[] Schemes, string[] Formats) rules))
        {
            _errors["kind"] = [$"One of {Words.List(Rules.Keys)}."];
            return (new SinkSettings("", "", "", false, null, null, false, 0, [], null), new SinkSecrets(null));
        }

        Url(input.Url, kind, rules.Schemes);
        string format = input.Format ?? rules.Formats[0];
        if (!rules.Formats.Contains(format, StringComparer.Ordinal))
        {
            _errors["format"] = [$"Of {kind}, one of {Words.List(rules.Formats)}."];
        }

        SinkSecrets secrets = new(input.Token ?? before?.Secrets.Token);
        Token(kind, secrets.Token);
        if (input.Token is null && secrets.Token is { Length: > 0 } && !IsSamePlace(input.Url, before!.Settings.Url))
        {
            _errors["token"] = ["It was given for another server: give the one for this server, or an empty one."];
        }

        Text("index", input.Index, "abcdefghijklmnopqrstuvwxyz0123456789-_.");
        Text("sourceType", input.SourceType, "abcdefghijklmnopqrstuvwxyz0123456789-_.:ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (input.MinSeverity is < 0 or > 10)
        {
            _errors["minSeverity"] = ["0..10."];
        }

        if (input.Kinds?.Any(one => one is null || !kinds.Contains(one, StringComparer.Ordinal)) == true)
        {
            _errors["kinds"] = [$"Each one of {Words.List(kinds)}."];
        }

        Certificate(input.CaCertificate);
        return (new SinkSettings(
            kind, input.Url ?? "", format, input.Enabled ?? true, input.Index, input.SourceType, input.Acknowledge ?? false, input.MinSeverity ?? 0, [.. (input.Kinds ?? []).Distinct(StringComparer.Ordinal)], input.CaCertificate), secrets);
    }

    // Whoever may change a sink must not be able to have its stored token sent to a server of their choice.
    private static bool IsSamePlace(string? text, string before) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? now) && Uri.Compare(now, new Uri(before), UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private void Url(string? text, string kind, string[] schemes)
    {
        string wanted = $"Of {kind}: {Words.List(schemes.Select(scheme => $"{scheme}://HOST{(scheme is "http" or "https" ? "" : ":PORT")}"))}.";
        if (text is not { Length: > 0 and <= 1024 } || !Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || !schemes.Contains(url.Scheme, StringComparer.Ordinal) || url.Host.Length == 0 || url.UserInfo.Length > 0
            || url.Fragment.Length > 0 || (url.Scheme is not ("http" or "https") && (url.Port <= 0 || url.PathAndQuery is not ("" or "/"))))
        {
            _errors["url"] = [wanted];
        }
        else if (url.Scheme is "http" && !url.IsLoopback)
        {
            _errors["url"] = ["The token would be sent in clear: https, or an address of this machine."];
        }
    }

    private void Token(string kind, string? token)
    {
        if (kind is "hec" && string.IsNullOrEmpty(token))
        {
            _errors["token"] = ["A collector needs one."];
        }
        else if (token is not null && (token.Length > MaxToken || token.Any(letter => letter is < ' ' or > '~')))
        {
            _errors["token"] = [$"At most {MaxToken} printable ASCII characters."];
        }
    }

    private void Text(string field, string? text, string letters)
    {
        if (text is not null && (text.Length is 0 or > MaxText || text.AsSpan().ContainsAnyExcept(letters)))
        {
            _errors[field] = [$"1..{MaxText} of {letters}"];
        }
    }

    private void Certificate(string? pem)
    {
        if (pem is null)
        {
            return;
        }

        try
        {
            X509Certificate2Collection found = [];
            found.ImportFromPem(pem.Length > MaxCertificate ? "" : pem);
            if (found.Count == 0)
            {
                _errors["caCertificate"] = ["A certificate in PEM."];
            }
        }
        catch (CryptographicException)
        {
            _errors["caCertificate"] = ["A certificate in PEM."];
        }
    }
}
