using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Abi;

/// <summary>Four address bytes in network order, as they lie in kernel map keys.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct RawAddress4(uint Network)
{
    public static RawAddress4 From(Address address) => new(BinaryPrimitives.ReverseEndianness(address.V4));

    public Address ToAddress() => Address.FromV4(BinaryPrimitives.ReverseEndianness(Network));
}
