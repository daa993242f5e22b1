using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>Either the decision as it stands on the board, or one sentence that says why it was refused.</summary>
/// <param name="Decision">The decision, with its id and expiry.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="Version">Board version that contains the decision; enforcement of this version means the kernel acts on it.</param>
/// <param name="Replaced">The operator's decision that stood there before; null: none.</param>
public readonly record struct PublishResult(Decision? Decision, string? Refusal, long Version, Decision? Replaced = null)
{
    /// <summary>The member of the request that the refusal is about; null: none alone.</summary>
    public string? Field { get; init; }
}
