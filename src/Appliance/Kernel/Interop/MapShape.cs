namespace Blackwall.Kernel.Interop;

/// <summary>What makes two maps interchangeable.</summary>
internal readonly record struct MapShape(MapKind Kind, uint KeySize, uint ValueSize, uint Entries, uint Flags);
