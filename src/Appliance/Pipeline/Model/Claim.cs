namespace Blackwall.Pipeline.Model;

/// <summary>What one owner says about a scope, as a reconciliation takes it.</summary>
/// <param name="Scope">Address or prefix.</param>
/// <param name="Verdict">What shall happen to its packets.</param>
/// <param name="Reason">Short machine word.</param>
/// <param name="Confidence">0..1.</param>
/// <param name="Ttl">How long it holds unless it is said again; null: as long as may be (for the operator without end, else the longest that an automatic claim may last).</param>
/// <param name="Comment">For a person.</param>
/// <param name="Evidence">What it rests on; null: nothing but the owner's word.</param>
public readonly record struct Claim(
    Prefix Scope,
    Verdict Verdict,
    string Reason,
    double Confidence = 1,
    TimeSpan? Ttl = null,
    string? Comment = null,
    IReadOnlyList<Evidence>? Evidence = null)
{
    /// <summary>Whether the operator lets this owner name this private or reserved scope, which another machine cannot know.</summary>
    public bool IsVouched { get; init; }
}
