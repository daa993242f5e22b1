using System.Text.Json.Serialization;
using Blackwall.Feeds.Wire;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds;

/// <summary>A feed as it is stored, without its secret.</summary>
/// <param name="Url">https://..., http:// of this machine, or file:///PATH below the folder for feeds.</param>
/// <param name="Format">How it is written.</param>
/// <param name="Field">Column or member that has the address; empty: what is usual.</param>
/// <param name="Kind">What the addresses are.</param>
/// <param name="Action">What is done with them.</param>
/// <param name="Score">How sure the feed is, 0..100.</param>
/// <param name="IntervalSeconds">Time between two fetches.</param>
/// <param name="MinGapSeconds">The server is not asked more often than this, whoever wishes it.</param>
/// <param name="Enabled">Whether it is fetched and acted on.</param>
/// <param name="Reserved">Private and reserved ranges that the operator lets this feed name.</param>
/// <param name="Header">Name of the header that carries the token.</param>
/// <param name="CaCertificate">PEM of the authority that the server's certificate comes from; null: those of the system.</param>
internal sealed record FeedSettings(
    string Url, FeedFormat Format, string Field, FeedKind Kind, FeedAction Action, int Score, int IntervalSeconds, int MinGapSeconds, bool Enabled, IReadOnlyList<string> Reserved, string Header, string? CaCertificate)
{
    public const int UsualInterval = 3600;
    public const int UsualGap = 300;
    public const int UsualScore = 50;

    /// <summary>Claims end by themselves when nothing confirmed them for so many intervals.</summary>
    public const int IntervalsOfLife = 3;

    [JsonIgnore]
    public TimeSpan Interval => TimeSpan.FromSeconds(IntervalSeconds);

    [JsonIgnore]
    public TimeSpan Life => Interval * IntervalsOfLife;

    /// <summary>What packets meet; null: nothing is done to them.</summary>
    [JsonIgnore]
    public Verdict? Verdict => (Enabled, Kind, Action) switch
    {
        (false, _, _) or (_, FeedKind.Allow, _) or (_, _, FeedAction.Tell) => null,
        (_, _, FeedAction.RateLimit) => Pipeline.Model.Verdict.RateLimit,
        (_, _, FeedAction.Redirect) => Pipeline.Model.Verdict.RedirectToTarpit,
        _ => Pipeline.Model.Verdict.Drop,
    };

    /// <summary>A file, or a server of this machine.</summary>
    [JsonIgnore]
    public bool IsOfThisMachine => Uri.TryCreate(Url, UriKind.Absolute, out Uri? url) && url is { IsFile: true } or { IsLoopback: true };

    /// <summary>Whether packets meet something worse than with the other settings.</summary>
    public bool IsHarsherThan(FeedSettings other) => Verdict is { } now && !(other.Verdict >= now);

    [JsonIgnore]
    public IReadOnlyList<Prefix> ReservedRanges => [.. Reserved.Select(text => Prefix.Parse(text))];

    /// <summary>Whether the same list comes of both, read and screened alike.</summary>
    public bool HasSourceOf(FeedSettings other) =>
        string.Equals(Url, other.Url, StringComparison.Ordinal) && Format == other.Format && string.Equals(Field, other.Field, StringComparison.Ordinal) && Reserved.SequenceEqual(other.Reserved, StringComparer.Ordinal);
}
