using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Find;

/// <summary>A file that find looks at.</summary>
/// <param name="Path">As it is shown.</param>
/// <param name="Root">The operand below which it was found.</param>
/// <param name="Depth">0: the operand itself.</param>
internal sealed record FindNode(string Path, string Root, Node Node, int Depth)
{
    public string Name => Path.TrimEnd('/').Split('/')[^1] is { Length: > 0 } name ? name : "/";

    /// <summary>-prune: what is below it is not looked at.</summary>
    public bool IsPruned { get; set; }
}

/// <summary>A test or an action: whether it holds.</summary>
internal delegate ValueTask<bool> FindTest(FindNode node);
