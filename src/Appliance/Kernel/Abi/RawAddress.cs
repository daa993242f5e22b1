using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Abi;

/// <summary>16 address bytes in network order, as they lie in kernel structs; IPv4 is v4-mapped.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct RawAddress(ulong HighNetwork, ulong LowNetwork)
{
    public static RawAddress From(Address address) => new(
        BinaryPrimitives.ReverseEndianness((ulong)(address.Value >> 64)),
        BinaryPrimitives.ReverseEndianness((ulong)address.Value));

    public Address ToAddress() =>
        new(new UInt128(BinaryPrimitives.ReverseEndianness(HighNetwork), BinaryPrimitives.ReverseEndianness(LowNetwork)));
}
