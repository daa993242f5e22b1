namespace Blackwall.Tests.Abi;

/// <summary>A C struct as the compiler laid it out; bytes.</summary>
internal sealed record BtfStruct(string Name, int Size, IReadOnlyList<BtfField> Fields);
