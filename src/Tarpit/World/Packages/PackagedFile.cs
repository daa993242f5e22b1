namespace Blackwall.Tarpit.World.Packages;

/// <summary>A file or a link as the list of files has it.</summary>
/// <param name="Target">Where a link leads; null: it is a file.</param>
internal readonly record struct PackagedFile(string Name, int Size, int Mode, string? Target);
