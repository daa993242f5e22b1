namespace Blackwall.Lab.Honest;

/// <summary>What honest users asked for, and what they got.</summary>
/// <param name="Succeeded">Requests, logins and pings that were answered.</param>
/// <param name="Failures">One sentence for each that was not; at most a hundred are kept.</param>
/// <param name="Failed">Their true number.</param>
/// <param name="DownloadedBytes">Of the one long download.</param>
public sealed record HonestTally(long Succeeded, long Failed, IReadOnlyList<string> Failures, long DownloadedBytes)
{
    public static HonestTally operator -(HonestTally later, HonestTally earlier) => new(
        later.Succeeded - earlier.Succeeded,
        later.Failed - earlier.Failed,
        [.. later.Failures.Skip(earlier.Failures.Count)],
        later.DownloadedBytes - earlier.DownloadedBytes);
}
