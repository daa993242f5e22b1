namespace Blackwall.Tests.Abi;

/// <summary>A member of a C struct; bytes.</summary>
internal sealed record BtfField(string Name, int Offset, int Size, string Type);
