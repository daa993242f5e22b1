namespace Blackwall.Tarpit.World;

/// <summary>A number that follows from a text, the same in every process: for sizes, dates and order of what no seed should change.</summary>
internal static class StableHash
{
    public static int Of(ReadOnlySpan<char> text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return (int)(hash & int.MaxValue);
    }
}
