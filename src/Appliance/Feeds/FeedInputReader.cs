using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Blackwall.Api.Contracts;
using Blackwall.Feeds.Wire;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds;

/// <summary>Turns the wish for a feed into its settings, and collects everything that is wrong with it.</summary>
internal sealed class FeedInputReader
{
    private const int MaxName = 40;
    private const int MaxUrl = 1024;
    private const int MaxField = 64;
    private const int MaxReserved = 16;
    private const int MaxToken = 1024;
    private const int MaxCertificate = 32_768;
    private const int ShortestInterval = 300;
    private const int LongestInterval = 604_800;
    private const string Authorization = "Authorization";

    private static readonly FeedSettings Usual = new("", FeedFormat.Plain, "", FeedKind.Attackers, FeedAction.Tell, FeedSettings.UsualScore, FeedSettings.UsualInterval, FeedSettings.UsualGap, Enabled: true, [], Authorization, null);
    private static readonly string[] Headers = [Authorization, "Auth-Key", "X-Api-Key", "X-OTX-API-KEY", "Api-Key"];

    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string[]> Errors => _errors;

    public string Name(string? name)
    {
        if (name is not { Length: > 0 and <= MaxName } || !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-') || name[0] is '-')
        {
            Fail("name", $"1..{MaxName} of a-z, 0-9 and '-'.");
        }

        return name ?? "";
    }

    public void Fail(string field, string why) => _errors[field] = [why];

    /// <summary>The settings; meaningless when there are errors.</summary>
    public FeedSettings Read(string name, FeedInput input)
    {
        FeedSettings known = FeedCatalogue.Find(name)?.Settings ?? Usual;
        FeedSettings made = known with
        {
            Url = input.Url ?? known.Url,
            Format = Word("format", input.Format, known.Format),
            Field = input.Field ?? known.Field,
            Kind = Word("kind", input.Kind, known.Kind),
            Action = Word("action", input.Action, known.Action),
            Score = Number("score", input.Score, 0, 100, known.Score),
            IntervalSeconds = Number("intervalSeconds", input.IntervalSeconds, ShortestInterval, LongestInterval, known.IntervalSeconds),
            Enabled = input.Enabled ?? known.Enabled,
            Reserved = input.Reserved is null ? known.Reserved : Ranges(input.Reserved),
            Header = input.Header ?? known.Header,
            CaCertificate = input.CaCertificate,
        };
        Url(made.Url);
        if (made.IntervalSeconds < made.MinGapSeconds && !_errors.ContainsKey("intervalSeconds"))
        {
            Fail("intervalSeconds", $"At least {made.MinGapSeconds}: its server blocks who asks more often.");
        }

        if (made.Field.Length > MaxField || made.Field.Any(char.IsControl))
        {
            Fail("field", $"At most {MaxField} printable characters.");
        }

        if (!Headers.Contains(made.Header, StringComparer.OrdinalIgnoreCase))
        {
            Fail("header", $"One of {Words.List(Headers)}.");
        }

        if (input.Token is { } token && (token.Length is 0 or > MaxToken || token.Any(letter => letter is < ' ' or > '~')))
        {
            Fail("token", $"1..{MaxToken} printable ASCII characters.");
        }

        Certificate(made.CaCertificate);
        return made;
    }

    private TWord Word<TWord>(string field, string? word, TWord known)
        where TWord : struct, Enum
    {
        if (word is null)
        {
            return known;
        }

        foreach (TWord one in Enum.GetValues<TWord>())
        {
            if (string.Equals(Words.Kebab($"{one}"), word, StringComparison.Ordinal))
            {
                return one;
            }
        }

        Fail(field, Words.NotOneOf(word, WordsOf<TWord>()));
        return known;
    }

    public static IReadOnlyList<string> WordsOf<TWord>()
        where TWord : struct, Enum => [.. Enum.GetNames<TWord>().Select(Words.Kebab)];

    private int Number(string field, int? number, int least, int most, int known)
    {
        if (number < least || number > most)
        {
            Fail(field, $"{least}..{most}.");
        }

        return number ?? known;
    }

    private List<string> Ranges(IReadOnlyList<string> texts)
    {
        List<string> ranges = [];
        foreach (string? text in texts)
        {
            if (texts.Count > MaxReserved || !Prefix.TryParse(text, out Prefix range) || Unroutable.Overlapping(range) is null || range.Length == 0)
            {
                Fail("reserved", $"At most {MaxReserved} private or reserved ranges.");
                return [];
            }

            ranges.Add($"{range}");
        }

        return ranges;
    }

    private void Url(string text)
    {
        if (text.Length is 0 or > MaxUrl || !Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("https" or "http" or "file") || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            Fail("url", "https://HOST/..., http:// of this machine, or file:///PATH below the folder for feeds.");
        }
        else if (text.Any(char.IsControl) || Uri.UnescapeDataString(url.AbsolutePath).Any(char.IsControl))
        {
            Fail("url", "It has control characters in its path, such as %00.");
        }
        else if (url.Scheme is "http" && !url.IsLoopback)
        {
            Fail("url", "Whoever is on the way could write the list: https, or http of this machine.");
        }
        else if (url.Scheme is "file" && url.Host.Length > 0)
        {
            Fail("url", "file:///PATH: files of this machine alone.");
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
                Fail("caCertificate", "A certificate in PEM.");
            }
        }
        catch (CryptographicException)
        {
            Fail("caCertificate", "A certificate in PEM.");
        }
    }
}
