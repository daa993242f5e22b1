using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>What a change would do; nothing was changed.</summary>
/// <param name="Before">The decision that it would replace or take away; null: none.</param>
/// <param name="After">The decision as it would stand, id 0 for a new one; null: it would be gone, or is refused.</param>
/// <param name="Winner">What would decide about the scope then; null: nothing.</param>
/// <param name="Refusal">Why the board would not take it; null: it would.</param>
public sealed record ChangePreview(Decision? Before, Decision? After, Decision? Winner, string? Refusal)
{
    /// <summary>The member of the request that the refusal is about; null: none alone.</summary>
    public string? Field { get; init; }
}
