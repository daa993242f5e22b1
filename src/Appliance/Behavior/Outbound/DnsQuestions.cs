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

    public uint ToldSeconds;
}
