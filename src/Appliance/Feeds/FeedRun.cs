using Blackwall.Api.Contracts;

namespace Blackwall.Feeds;

/// <summary>What became of one attempt to refresh a feed.</summary>
/// <param name="Time">When it ended.</param>
/// <param name="Outcome">updated, unchanged, failed, held or dry-run.</param>
/// <param name="Sentence">What happened, for a person.</param>
/// <param name="Entries">Entries of the list that was read, without those refused; of a failure those in force.</param>
/// <param name="Added">Entries that are new in it.</param>
/// <param name="Removed">Entries that are no longer in it.</param>
/// <param name="Invalid">Rows that cannot be read.</param>
/// <param name="Skipped">Rows that say something else than an address that counts.</param>
/// <param name="Refused">Entries that are never enforced: private, reserved, too wide, guarded, or allowed by the operator.</param>
/// <param name="Excepted">Entries left out because an allow list has them.</param>
/// <param name="Bytes">Bytes of the answer, unpacked.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="InvalidSamples">The first rows that cannot be read, at most 10.</param>
/// <param name="RefusedSamples">The first entries that are never enforced, each with the reason, at most 10.</param>
internal sealed record FeedRun(
    DateTimeOffset Time, [property: Word(FeedsFeature.OutcomeWords)] string Outcome, string Sentence, int Entries, int Added, int Removed, int Invalid, int Skipped, int Refused, int Excepted, long Bytes, long Milliseconds,
    IReadOnlyList<string> InvalidSamples, IReadOnlyList<string> RefusedSamples)
{
    public const string Updated = "updated";
    public const string Unchanged = "unchanged";
    public const string Failed = "failed";
    public const string Held = "held";
    public const string Dry = "dry-run";

    /// <summary>Of a list that waits: what it is known by, for who accepts this one and no other.</summary>
    public string? Digest { get; init; }

    public static IReadOnlyList<string> Outcomes { get; } = [Updated, Unchanged, Failed, Held, Dry];

    /// <summary>Which of your own traffic the list would have stopped; null: that is not known.</summary>
    public FeedImpact? Impact { get; init; }
}
