using System.Numerics;
using System.Security.Cryptography;
using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Memory;

/// <summary>Hashes of addresses under a key of this process, so that nobody can choose addresses that share a place.</summary>
internal static class Mixer
{
    public static ulong NewSeed()
    {
        Span<byte> key = stackalloc byte[8];
        RandomNumberGenerator.Fill(key);
        return BitConverter.ToUInt64(key);
    }

    public static ulong Mix(Address address, ulong seed)
    {
        // The upper half of an IPv4 address is zero, and so may be the seed: a product with zero would forget the rest.
        UInt128 product = (UInt128)((ulong)(address.Value >> 64) ^ seed ^ 0xA0761D6478BD642F) * ((ulong)address.Value ^ BitOperations.RotateLeft(seed, 32) ^ 0x9E3779B97F4A7C15);
        return ((ulong)(product >> 64) ^ (ulong)product) * 0xD6E8FEB86659FD93;
    }
}
