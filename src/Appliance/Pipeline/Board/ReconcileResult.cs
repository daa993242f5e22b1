
namespace Blackwall.Pipeline.Board;

/// <summary>What bringing an owner's claims to a new state did.</summary>
/// <param name="Added">New claims.</param>
/// <param name="Changed">Claims that say something else now, or last longer.</param>
/// <param name="Removed">Claims that the owner no longer makes.</param>
/// <param name="Kept">Claims that are as they were.</param>
/// <param name="Refused">How many were not taken: guarded, under an allow rule, not the owner's to say.</param>
/// <param name="Refusals">The first of them by name, at most 100.</param>
/// <param name="Version">Board version that contains all of it.</param>
public sealed record ReconcileResult(int Added, int Changed, int Removed, int Kept, int Refused, IReadOnlyList<ClaimRefusal> Refusals, long Version)
{
    /// <summary>Why nothing at all was done; null: it was.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether anything is different now.</summary>
    public bool IsChange => Added + Changed + Removed > 0;
}
