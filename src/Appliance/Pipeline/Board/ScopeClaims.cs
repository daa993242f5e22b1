using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>Everything that is claimed of one scope, by those who name it or a wider one.</summary>
/// <param name="Scope">What was asked about.</param>
/// <param name="Claims">In force, strongest first.</param>
public sealed record ScopeClaims(Prefix Scope, IReadOnlyList<Decision> Claims)
{
    /// <summary>The claim that decides; null: nothing is claimed, packets pass.</summary>
    public Decision? Winner => Claims.Count > 0 ? Claims[0] : null;
}
