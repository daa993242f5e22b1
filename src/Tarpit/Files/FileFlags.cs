namespace Blackwall.Tarpit.Files;

/// <summary>Flags of files (chattr): who has "i" changes in no way, who has "a" only grows.</summary>
internal static class FileFlags
{
    /// <summary>What begins the name of a setting that keeps the flags of a path for a later visit.</summary>
    public const string Kept = "chattr:";

    public static bool IsFixed(this Node? node) => node?.Flags.Contains('i', StringComparison.Ordinal) == true;

    public static bool OnlyGrows(this Node? node) => node?.Flags.Contains('a', StringComparison.Ordinal) == true;

    /// <summary>Whether the content of a file may become this one.</summary>
    public static bool Allows(this Node? node, ReadOnlySpan<byte> content) =>
        !node.IsFixed() && (!node.OnlyGrows() || (node is FileNode file && content.StartsWith(file.Content.Read())));
}
