using System.Runtime.CompilerServices;
using Blackwall.Behavior.Memory;

namespace Blackwall.Behavior.Outbound;

/// <summary>Questions of one source for names below one registered domain, within a window.</summary>
internal struct DnsQuestions
{
    public ulong WindowStart;
    public DistinctWindow Names;
    public uint Count;

    /// <summary>Questions of a type that carries free text or raw bytes.</summary>
    public uint Roomy;

    /// <summary>Bytes before the registered domain, all questions together.</summary>
    public uint Bytes;

    /// <summary>Entropy of those bytes, in sixteenths of a bit a byte, all questions together.</summary>
    public uint Entropy;

    /// <summary>Names whose first label has the length of a hash in hex.</summary>
    public uint Hashes;

    /// <summary>New names over hours, with their sums.</summary>
    public ulong SlowStart;
    public DistinctWindow SlowNames;
    public uint SlowCount;
    public uint SlowBytes;
    public uint SlowEntropy;
    public uint SlowHashes;

    /// <summary>End of the name asked for last: what the next one shares with it is no news.</summary>
    public Tail Last;

    public uint ToldSeconds;

    [InlineArray(Length)]
    internal struct Tail
    {
        public const int Length = 32;

        private byte _first;
    }
}
