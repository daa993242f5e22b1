using Blackwall.Pipeline.Model;

namespace Blackwall.Remediation;

/// <summary>Cuts what must pass out of what is blocked: whoever enforces a list of blocks knows no exceptions. Pure.</summary>
internal static class Holes
{
    /// <summary>The parts of a prefix that are left without the holes, at most 128 for each hole.</summary>
    public static IReadOnlyList<Prefix> Cut(Prefix whole, IReadOnlyList<Prefix> holes)
    {
        Prefix[] inside = [.. holes.Where(hole => hole.Overlaps(whole))];
        if (inside.Length == 0)
        {
            return [whole];
        }

        List<Prefix> left = [];
        Cut(whole, inside, left);
        return left;
    }

    private static void Cut(Prefix part, Prefix[] holes, List<Prefix> left)
    {
        Prefix[] inside = Array.FindAll(holes, hole => hole.Overlaps(part));
        if (inside.Length == 0)
        {
            left.Add(part);
            return;
        }

        if (part.IsHost || Array.Exists(inside, hole => hole.Contains(part)))
        {
            return;
        }

        int length = part.Length + 1;
        Prefix low = Prefix.Around(part.Network, length);
        Cut(low, inside, left);
        Cut(Prefix.Around(part.Last, length), inside, left);
    }
}
